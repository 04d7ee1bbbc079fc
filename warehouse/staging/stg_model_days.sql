-- Counters of a repository as one crawl or importer read them, in the lake's own units.
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
