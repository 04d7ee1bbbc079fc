-- The counters of a repository when it was last read.
-- grain: hub_id
select
    days.hub_id,
    days.day,
    days.downloads_30d,
    days.downloads_all_time,
    days.likes,
    days.trending_score,
    sightings.is_listed
from core_sightings as sightings
join stg_model_days as days on days.hub_id = sightings.hub_id and days.day = sightings.last_seen
