-- Counters of a repository at its last reading.
-- grain: hub_id
-- incremental: merge; hub_id varchar, day date, downloads_30d bigint, downloads_all_time bigint, likes bigint, trending_score double, is_listed boolean
select
    days.hub_id,
    days.day,
    days.downloads_30d,
    days.downloads_all_time,
    days.likes,
    days.trending_score,
    seen.is_listed
from core_first_last_seen as seen
join stg_new_days as days on days.hub_id = seen.hub_id and days.day = seen.last_seen
union all
select
    earlier.hub_id,
    earlier.day,
    earlier.downloads_30d,
    earlier.downloads_all_time,
    earlier.likes,
    earlier.trending_score,
    seen.is_listed
from earlier_core_latest_counts as earlier
join core_first_last_seen as seen on seen.hub_id = earlier.hub_id and seen.last_seen = earlier.day
