-- Counters of a repository as one crawl or import read them, in the units of the lake.
-- grain: hub_id, day
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
from stg_old_days
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
from stg_new_days
