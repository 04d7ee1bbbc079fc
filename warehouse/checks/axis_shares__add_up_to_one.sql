-- The shares of a ruler on a day add up to 1, none is negative, and the known part of its total is between 0 and 1.
-- severity: fail
select axis, day, sum(share) as shares, min(value) as least_value, min(coverage) as coverage
from axis_shares
group by axis, day
having abs(sum(share) - 1) > 0.000001 or min(value) < 0 or min(coverage) < 0 or max(coverage) > 1.000001
