-- Counters of a repository as the earlier build read them; none if this build stands on none.
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
