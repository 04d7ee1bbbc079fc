-- What was odd about one repository: its counter fell, or its name changed.
-- grain: kind, day, hub_id
with names as (
    select
        hub_id,
        day,
        repo_id,
        lag(repo_id) over (partition by hub_id order by day) as former_name
    from stg_models
)
select
    'fall' as kind,
    steps.to_day as day,
    numbers.hub_id,
    'all-time downloads fell by ' || (-steps.change)::varchar || ' since ' || steps.from_day::varchar as detail,
    'no downloads for the interval; the level shifts' as handling
from core_steps as steps
join core_numbers as numbers using (model_number)
where steps.change < 0
union all
select
    'rename',
    day,
    hub_id,
    'renamed from ' || former_name || ' to ' || repo_id,
    'goes on as the same repository; links to its former name mean it'
from names
where former_name != repo_id
