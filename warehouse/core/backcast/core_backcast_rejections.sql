-- How many settled repositories have an implied counter on a day that their others contradict.
-- grain: day
-- incremental: merge; day date, repositories bigint
with refused as (
    select reads.day, count(*) as repositories
    from core_backcast_counters as reads
    join core_first_readings as firsts using (repository_key)
    where not reads.is_used and firsts.is_settled
    group by reads.day
    union all
    select day, repositories
    from earlier_core_backcast_rejections
)
select
    day,
    sum(repositories)::bigint as repositories
from refused
group by day
