-- Counters of a repository as read since the earlier build on which this one stands; every reading if it stands on none.
-- grain: hub_id, day
-- On a day of several sources own readings win over imported ones; among those the first scope by the alphabet does: a
-- file of the user, hub-stats, its weekly mirror, model-pulse. What loses stays in the lake.
with contested_days as (
    select day
    from lake_crawls
    group by day
    having count(*) > 1 and bool_or(source != 'crawl')
),
ranked as (
    select
        *,
        row_number() over (
            partition by hub_id, day order by case when source = 'crawl' then 0 else 1 end, scope
        ) as place
    from lake_new_days
    where day in (select day from contested_days)
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
where day not in (select day from contested_days)
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
