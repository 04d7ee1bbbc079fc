-- An all-time counter from a whole listing, with the one before it of the same repository.
-- grain: model_number, day
-- Of what the earlier build read, only what later days still need is here: see core_open_readings.
with readings as (
    select
        days.hub_id,
        days.day,
        days.downloads_30d,
        days.downloads_all_time,
        days.source != 'crawl' as is_imported
    from stg_new_days as days
    join core_used_crawls as crawls using (day, scope)
    where days.downloads_all_time is not null
    union all
    select hub_id, day, downloads_30d, downloads_all_time, is_imported
    from earlier_core_open_readings
)
select
    numbers.model_number,
    readings.day,
    readings.downloads_30d,
    readings.downloads_all_time,
    readings.is_imported,
    lag(readings.day) over earlier as day_before,
    lag(readings.downloads_all_time) over earlier as all_time_before,
    lag(readings.is_imported) over earlier as was_imported
from readings
join core_numbers as numbers using (hub_id)
window earlier as (partition by numbers.model_number order by readings.day)
