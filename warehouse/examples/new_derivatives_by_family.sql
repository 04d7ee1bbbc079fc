-- Which families got the most new derivatives in the last twelve months, and what is their share?
-- Language models.
with families as (
    select root_family, sum(derivatives) as derivatives
    from derivatives_months
    where task_class = 'language' and min_downloads = 5 and month > (select last_day from build) - interval 12 months
    group by root_family
)
select
    coalesce(root_family, 'unknown or no family') as root_family,
    derivatives,
    derivatives / sum(derivatives) over () as share
from families
order by derivatives desc, root_family
