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
    case when change < 0 then 'fall' else 'recovered fall' end as kind,
    first_day as day,
    hub_id,
    'all-time downloads dropped by ' || dropped::varchar || ' since ' || from_day::varchar
    || case
        when change >= 0 then ' and recovered by ' || to_day::varchar
        when is_recovered then ' and recovered except ' || (-change)::varchar || ' by ' || to_day::varchar
        else ''
    end as detail,
    case
        when change >= 0 then 'set aside: downloads are spread from the last reading before it to the recovered one'
        else 'the interval has no downloads, or those that the 30-day counters of a large repository imply; later ones '
            || 'count from the new level'
    end
    || case when is_pending then '; open until eight more snapshots have been read' else '' end as handling
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
