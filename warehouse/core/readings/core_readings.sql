-- An all-time counter from a complete listing, with the previous one of the same repository.
-- grain: repository_key, day
-- Of the readings that the earlier build had, only those in core_unsettled_readings are included, and all of
-- repositories whose counter dropped not long before.
with pending_drops as (
    select distinct hub_id
    from earlier_core_counter_drops
    where is_pending
),
readings as (
    select
        days.hub_id,
        days.day,
        days.downloads_30d,
        days.downloads_all_time,
        days.source != 'crawl' as is_imported
    from stg_new_days as days
    join core_usable_crawls as crawls using (day, scope)
    where days.downloads_all_time is not null
    union all
    select hub_id, day, downloads_30d, downloads_all_time, is_imported
    from earlier_core_unsettled_readings
    where hub_id not in (select hub_id from pending_drops)
    union all
    select
        days.hub_id,
        days.day,
        days.downloads_30d,
        days.downloads_all_time,
        days.source != 'crawl' as is_imported
    from stg_old_days as days
    join core_usable_crawls as crawls using (day, scope)
    join pending_drops using (hub_id)
    where days.downloads_all_time is not null
)
select
    keys.repository_key,
    readings.day,
    readings.downloads_30d,
    readings.downloads_all_time,
    readings.is_imported,
    lag(readings.day) over earlier as day_before,
    lag(readings.downloads_all_time) over earlier as all_time_before,
    lag(readings.is_imported) over earlier as was_imported
from readings
join core_repository_keys as keys using (hub_id)
window earlier as (partition by keys.repository_key order by readings.day)
