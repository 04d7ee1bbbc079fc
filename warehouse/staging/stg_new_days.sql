-- Counters of a repository as read since the earlier build on which this one stands; every reading if it stands on none.
-- grain: hub_id, day
-- Of several readings of a day the first own one wins (homes that exchange their days may have read it in different
-- scopes), then the first import by the alphabet: a file of the user, hub-stats, its weekly mirror, model-pulse. What
-- loses stays in the lake.
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
