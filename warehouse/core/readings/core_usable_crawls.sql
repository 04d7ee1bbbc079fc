-- A crawl or import with a complete listing, whose readings may start or end an interval.
-- grain: crawl
-- A listing with less than half the rows of the previous one of its scope is not complete, whatever its manifest says.
-- Files of the user are exempt: they may contain any repositories on any day.
with listings as (
    select
        crawl,
        day,
        scope,
        source,
        models,
        lag(models) over (partition by scope order by day) as models_before
    from stg_crawls
    where is_complete
)
select
    crawl,
    day,
    scope,
    source
from listings
where models_before is null or models * 2 >= models_before or source = 'file'
