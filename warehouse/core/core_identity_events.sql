-- How well 30-day counts tell all-time counters of 30 days before: held against readings, and refused in contradiction.
-- grain: kind, day
with refused as (
    select
        day + 30 as day,
        count(*) as repositories
    from core_identity_reads
    where not is_used
    group by day + 30
)
select
    'identity deviation' as kind,
    day,
    'all-time less 30-day downloads is off the reading of ' || (day - 30)::varchar || ' by '
    || round(100.0 * off / downloads_30d, 2)::varchar || ' % of the 30-day downloads, over ' || repositories::varchar
    || ' repositories' as detail,
    'none: says how far the days before the first reading can be trusted' as handling
from core_identity_overlaps
union all
select
    'identity refused',
    day,
    '30-day downloads of ' || repositories::varchar || ' repositories do not fit their other counters',
    'not used for the days before their first reading'
from refused
