-- How does each country's share of the last 30 days change when downloads count for the makers of base models?
-- Language models.
with recent as (
    select lens, origin, sum(downloads) as downloads
    from adoption_days
    where task_class = 'language' and day > (select last_day - 30 from build)
    group by lens, origin
),
shares as (
    select lens, origin, downloads / sum(downloads) over (partition by lens) as share
    from recent
)
select
    coalesce(origin, 'unknown') as origin,
    sum(share) filter (where lens = 'publisher') as share_by_publisher,
    sum(share) filter (where lens = 'root') as share_by_root,
    coalesce(sum(share) filter (where lens = 'root'), 0)
    - coalesce(sum(share) filter (where lens = 'publisher'), 0) as moved
from shares
group by origin
order by abs(moved) desc, origin
