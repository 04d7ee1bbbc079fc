-- A usable counter that follows days that are not usable, with the last usable counter before them.
-- grain: repository_key, day
with used_days as (
    select day
    from core_usable_days
    where is_used
),
around as (
    select
        readings.repository_key,
        readings.day,
        readings.downloads_all_time,
        readings.is_imported,
        used_days.day is not null as is_used,
        case when days_before.day is not null then readings.day_before end as from_day,
        case when days_before.day is not null then readings.all_time_before end as from_all_time,
        case when days_before.day is not null then readings.was_imported end as from_imported
    from core_readings as readings
    left join used_days on used_days.day = readings.day
    left join used_days as days_before on days_before.day = readings.day_before
    where readings.day_before is not null and (used_days.day is null or days_before.day is null)
),
filled as (
    select
        repository_key,
        day,
        downloads_all_time,
        is_used,
        last_value(from_day ignore nulls) over so_far as from_day,
        last_value(from_all_time ignore nulls) over so_far as from_all_time,
        is_imported or last_value(from_imported ignore nulls) over so_far as is_imported
    from around
    window so_far as (partition by repository_key order by day rows between unbounded preceding and current row)
)
select
    repository_key,
    day,
    downloads_all_time,
    from_day,
    from_all_time,
    is_imported
from filled
where is_used and from_day is not null
