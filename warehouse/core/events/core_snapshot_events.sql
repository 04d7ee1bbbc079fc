-- Data issues of whole days: counters dropped or did not change.
-- grain: kind, day
select
    case when rollbacks.is_lasting then 'lasting correction' else 'rollback' end as kind,
    snapshots.day,
    rollbacks.dropped::varchar || ' of ' || rollbacks.repositories::varchar || ' repositories stand lower than on '
    || good.day::varchar as detail,
    case
        when rollbacks.is_lasting then 'not recovered within eight snapshots: kept, falls count as no downloads'
        else 'set aside: flows run from the last good to the next good snapshot'
    end as handling
from core_rollbacks as rollbacks
join core_snapshots as snapshots on snapshots.number = rollbacks.number
join core_snapshots as good on good.number = rollbacks.good_number
union all
select
    'stall',
    day,
    unchanged::varchar || ' of ' || busy::varchar || ' repositories with 60,000 downloads a month or more did not move; '
    || round(change_per_day)::bigint::varchar || ' downloads a day in all'
    || coalesce(', usually ' || round(usual_change)::bigint::varchar, ''),
    'spread together with the days on which it was caught up'
from core_usable_days
where is_stalled
