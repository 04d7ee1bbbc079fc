-- Data issues of backcasts: their error compared with readings, and contradicting values that were rejected.
-- grain: kind, day
-- Errors need at least 20 repositories with 1,000 or more 30-day downloads, read on both days.
with rejected as (
    select counters.day, count(*) as repositories
    from core_backcast_counters as counters
    join core_first_readings as first_readings using (repository_key)
    where not counters.is_used and not first_readings.is_settled
    group by counters.day
    union all
    select day, repositories
    from core_backcast_rejections
)
select
    'identity deviation' as kind,
    day,
    'all-time minus 30-day downloads differs from the reading of ' || (day - 30)::varchar || ' by '
    || round(100.0 * absolute_error / downloads_30d, 2)::varchar || '% of the 30-day downloads, over ' || repositories::varchar
    || ' repositories' as detail,
    'none: shows how accurate the days before the first reading are' as handling
from core_backcast_errors
union all
select
    'identity refused',
    day + 30,
    '30-day downloads of ' || sum(repositories)::bigint::varchar || ' repositories contradict their other counters',
    'not used for the days before their first reading'
from rejected
group by day
