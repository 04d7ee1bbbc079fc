-- Counters of a repository read since the earlier build; all readings in a full refresh.
-- grain: hub_id, day
-- Of several readings of a repository on a day one is used: our own if there is one (several exist if homes exchanged
-- days; then the first read), else the alphabetically first import: a file of the user, hub-stats, hub-weekly,
-- model-pulse. The others stay in the lake.
with ranked as (
    select
        *,
        row_number() over (
            partition by hub_id, day
            order by case when source = 'crawl' then 0 else 1 end, case when source = 'crawl' then read_at end, scope
        ) as place
    from lake_new_days
    where day in (select day from stg_multiple_crawl_days)
)
select
    hub_id,
    day,
    crawl,
    scope,
    downloads_30d,
    downloads_all_time,
    likes,
    trending_score,
    read_at,
    source
from lake_new_days
where day not in (select day from stg_multiple_crawl_days)
union all
select
    hub_id,
    day,
    crawl,
    scope,
    downloads_30d,
    downloads_all_time,
    likes,
    trending_score,
    read_at,
    source
from ranked
where place = 1
