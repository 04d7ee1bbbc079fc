-- Change of the all-time counter between two consecutive usable readings of a repository.
-- grain: repository_key, to_day
-- Covers the days after from_day up to and including to_day.
with used_days as (
    select day
    from core_usable_days
    where is_used
),
pairs as not materialized (
    select
        readings.repository_key,
        readings.day_before as from_day,
        readings.day as to_day,
        readings.downloads_all_time - readings.all_time_before as change,
        readings.is_imported or readings.was_imported as is_imported
    from core_readings as readings
    join used_days on used_days.day = readings.day
    join used_days as days_before on days_before.day = readings.day_before
    union all
    select
        repository_key,
        from_day,
        day as to_day,
        downloads_all_time - from_all_time as change,
        is_imported
    from core_gap_deltas
)
select
    repository_key,
    from_day,
    to_day,
    change,
    case when is_imported then 'imported' when to_day = from_day + 1 then 'read' else 'spread' end as basis
from pairs
