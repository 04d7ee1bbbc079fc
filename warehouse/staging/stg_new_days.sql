-- Counters of a repository as read since the earlier build on which this one stands; every reading if it stands on none.
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
from lake_new_days
