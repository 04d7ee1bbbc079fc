-- Counters of a repository as read on a day. A day without a reading has no row, never a zero.
-- grain: hub_id, day
-- incremental: append
select
    hub_id,
    day,
    downloads_30d,
    downloads_all_time,
    likes,
    trending_score,
    read_at,
    source,
    scope
from stg_new_days
