-- A crawl or import whose listing was whole, so that its readings may begin or end an interval.
-- grain: crawl
-- A listing with fewer than half the rows of the one before it in its scope is not whole, whatever its manifest says;
-- but for files of the user, which may hold any few repositories on any day.
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
