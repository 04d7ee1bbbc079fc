-- Change of the all-time counter up to the first usable reading of a repository.
-- grain: repository_key, to_day
-- Covers the days after from_day up to and including to_day. New repositories start at zero before their creation;
-- others start at the counters that 30-day counters imply (basis identity).
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
    where is_recomputed and not is_new
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
where is_recomputed and is_new
