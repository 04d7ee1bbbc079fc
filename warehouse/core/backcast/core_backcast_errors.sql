-- Error of the backcast on a day: implied all-time counters compared with the readings of 30 days before.
-- grain: day
-- incremental: append
-- Only if at least 20 repositories with 1,000 or more 30-day downloads were read on both days. Repositories whose
-- counter dropped within 60 days are left out: the difference would be their drop.
with later as (
    select
        keys.hub_id,
        readings.day,
        readings.day - 30 as day_before,
        readings.downloads_all_time - readings.downloads_30d as implied,
        readings.downloads_30d
    from core_readings as readings
    join core_usable_days as used on used.day = readings.day and used.is_used
    join core_usable_days as used_before on used_before.day = readings.day - 30 and used_before.is_used
    join core_repository_keys as keys using (repository_key)
    where readings.downloads_30d >= 1000
)
select
    later.day,
    count(*) as repositories,
    sum(abs(later.implied - earlier.downloads_all_time)) as absolute_error,
    sum(later.downloads_30d) as downloads_30d
from later
join stg_model_days as earlier on earlier.hub_id = later.hub_id and earlier.day = later.day_before
join core_usable_crawls as crawls on crawls.day = earlier.day and crawls.scope = earlier.scope
left join (
    select drops.hub_id, later.day
    from later
    join core_counter_decreases as drops on drops.hub_id = later.hub_id and drops.day between later.day - 59 and later.day
    group by drops.hub_id, later.day
) as dropped on dropped.hub_id = later.hub_id and dropped.day = later.day
where earlier.downloads_all_time is not null and dropped.hub_id is null
group by later.day
having count(*) >= 20
