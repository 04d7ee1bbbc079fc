-- An earlier reading, from a whole listing, of a repository that has moved; none if this build stands on no other.
-- grain: hub_id, day
select
    days.hub_id,
    days.day,
    days.downloads_30d,
    days.downloads_all_time,
    days.likes,
    moved.group_before,
    moved.group_now
from stg_old_days as days
join core_regrouped as moved using (hub_id)
join core_usable_crawls as crawls using (day, scope)
