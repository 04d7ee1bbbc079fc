-- How well 30-day counts tell all-time counters of 30 days before: held against readings, and refused in contradiction.
-- grain: kind, day
-- Held against readings where at least 20 repositories with 1,000 downloads a month or more were read on both days.
with refused as (
    select reads.day, count(*) as repositories
    from core_backcast_counters as reads
    join core_first_readings as firsts using (repository_key)
    where not reads.is_used and not firsts.is_settled
    group by reads.day
    union all
    select day, repositories
    from core_backcast_rejections
)
select
    'identity deviation' as kind,
    day,
    'all-time less 30-day downloads is off the reading of ' || (day - 30)::varchar || ' by '
    || round(100.0 * off / downloads_30d, 2)::varchar || '% of the 30-day downloads, over ' || repositories::varchar
    || ' repositories' as detail,
    'none: says how far the days before the first reading can be trusted' as handling
from core_backcast_errors
union all
select
    'identity refused',
    day + 30,
    '30-day downloads of ' || sum(repositories)::bigint::varchar || ' repositories do not fit their other counters',
    'not used for the days before their first reading'
from refused
group by day
