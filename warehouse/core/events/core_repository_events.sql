-- Data issues of one repository: its counter dropped, or it was renamed.
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
    to_day as day,
    hub_id,
    'all-time downloads dropped by ' || (-change)::varchar || ' since ' || from_day::varchar as detail,
    'the interval has no downloads; later ones count from the new level' as handling
from core_counter_drops
union all
select
    'rename',
    day,
    hub_id,
    'renamed from ' || former_name || ' to ' || repo_id,
    'remains the same repository; links to its former name still resolve'
from names
where former_name != repo_id
