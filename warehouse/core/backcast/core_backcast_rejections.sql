-- Number of settled repositories whose implied counter on a day contradicts their other counters.
-- grain: day
-- incremental: merge; day date, repositories bigint
with rejected as (
    select counters.day, count(*) as repositories
    from core_backcast_counters as counters
    join core_first_readings as first_readings using (repository_key)
    left join earlier_core_first_readings as earlier on earlier.hub_id = first_readings.hub_id and earlier.is_settled
    where not counters.is_used and first_readings.is_settled and earlier.hub_id is null
    group by counters.day
    union all
    select day, repositories
    from earlier_core_backcast_rejections
)
select
    day,
    sum(repositories)::bigint as repositories
from rejected
group by day
