-- How a counter changed up to the first used reading of a repository: after from_day, up to and with to_day.
-- grain: model_number, to_day
-- From its creation, if a listing tells that it was not there before; else between the counters that 30-day counts imply.
with points as (
    select
        model_number,
        day,
        downloads_all_time
    from core_identity_reads
    where is_used
    union all
    select
        model_number,
        day,
        downloads_all_time
    from core_first_reads
    where is_told and not is_born
),
steps as (
    select
        model_number,
        lag(day) over earlier as from_day,
        day as to_day,
        downloads_all_time - lag(downloads_all_time) over earlier as change,
        'identity' as basis
    from points
    window earlier as (partition by model_number order by day)
)
select
    model_number,
    from_day,
    to_day,
    change,
    basis
from steps
where from_day is not null
union all
select
    model_number,
    zero_on as from_day,
    day as to_day,
    downloads_all_time as change,
    case when is_imported then 'imported' when day = zero_on + 1 then 'read' else 'spread' end as basis
from core_first_reads
where is_told and is_born
