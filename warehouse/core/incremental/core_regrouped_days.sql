-- An earlier reading, from a complete listing, of a regrouped repository; empty in a full refresh.
-- grain: hub_id, day
select
    days.hub_id,
    days.day,
    days.downloads_30d,
    days.downloads_all_time,
    days.likes,
    regrouped.group_before,
    regrouped.group_now
from stg_old_days as days
join core_regrouped as regrouped using (hub_id)
join core_usable_crawls as crawls using (day, scope)
