-- The counters of a repository when it was last read.
-- grain: hub_id
-- incremental: merge; hub_id varchar, day date, downloads_30d bigint, downloads_all_time bigint, likes bigint, trending_score double, is_listed boolean
select
    days.hub_id,
    days.day,
    days.downloads_30d,
    days.downloads_all_time,
    days.likes,
    days.trending_score,
    sightings.is_listed
from core_first_last_seen as sightings
join stg_new_days as days on days.hub_id = sightings.hub_id and days.day = sightings.last_seen
union all
select
    earlier.hub_id,
    earlier.day,
    earlier.downloads_30d,
    earlier.downloads_all_time,
    earlier.likes,
    earlier.trending_score,
    sightings.is_listed
from earlier_core_latest_counts as earlier
join core_first_last_seen as sightings on sightings.hub_id = earlier.hub_id and sightings.last_seen = earlier.day
