-- How a counter changed up to the first used reading of a repository: after from_day, up to and with to_day.
-- grain: repository_key, to_day
-- From its creation, if a listing tells that it was not there before; else between the counters that 30-day counts imply.
with points as (
    select
        repository_key,
        day,
        downloads_all_time
    from core_backcast_counters
    where is_used
    union all
    select
        repository_key,
        day,
        downloads_all_time
    from core_first_readings
    where is_told and not is_born
),
steps as (
    select
        repository_key,
        lag(day) over earlier as from_day,
        day as to_day,
        downloads_all_time - lag(downloads_all_time) over earlier as change,
        'identity' as basis
    from points
    window earlier as (partition by repository_key order by day)
)
select
    repository_key,
    from_day,
    to_day,
    change,
    basis
from steps
where from_day is not null
union all
select
    repository_key,
    zero_on as from_day,
    day as to_day,
    downloads_all_time as change,
    case when is_imported then 'imported' when day = zero_on + 1 then 'read' else 'spread' end as basis
from core_first_readings
where is_told and is_born
