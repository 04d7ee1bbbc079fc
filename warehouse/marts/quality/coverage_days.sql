-- A day between the first and last crawl of a scope: complete, partial or missing. For imports, the imported days.
-- grain: day, scope
with spans as (
    select
        scope,
        min(day) as first_day,
        max(day) as last_day
    from stg_crawls
    where source = 'crawl'
    group by scope
),
moments as (
    select
        scope,
        unnest(generate_series(first_day, last_day, interval 1 day)) as moment
    from spans
),
days as (
    select
        scope,
        moment::date as day
    from moments
    union all
    select
        scope,
        day
    from stg_crawls
    where source != 'crawl'
)
select
    days.day,
    days.scope,
    case when crawls.crawl is null then 'missing' when crawls.is_complete then 'complete' else 'partial' end as state,
    crawls.is_complete,
    coalesce(crawls.is_complete, false) as is_used,
    crawls.models,
    crawls.refused,
    crawls.incomplete_because
from days
left join stg_crawls as crawls using (day, scope)
