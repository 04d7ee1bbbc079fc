-- Concentrations are between 0 and 1, and no top share is below that of equal members.
-- severity: fail
select day, lens, of, members, hhi, gini, top1_share, top10_share
from concentration_days
where hhi > 1.000001 or hhi < 0.999999 / members or gini < -0.000001 or gini > 1
    or top1_share < 0.999999 / members or top1_share > top10_share + 0.000001 or top10_share > 1.000001
