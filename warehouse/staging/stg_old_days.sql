-- Counters of a repository that the earlier build already had; empty in a full refresh.
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
from lake_old_days
