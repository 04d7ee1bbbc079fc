-- Data issues of whole days: counters dropped or did not change, or were read at another time of day.
-- grain: kind, day
select
    case when rollbacks.is_lasting then 'lasting correction' else 'rollback' end as kind,
    snapshots.day,
    rollbacks.dropped::varchar || ' of ' || rollbacks.repositories::varchar || ' repositories have lower counters than on '
    || good.day::varchar as detail,
    case
        when rollbacks.is_lasting then 'not recovered within eight snapshots: the readings count, drops count as no downloads'
        else 'set aside: downloads are spread from the last usable to the next usable snapshot'
    end as handling
from core_rollbacks as rollbacks
join core_snapshots as snapshots on snapshots.number = rollbacks.number
join core_snapshots as good on good.number = rollbacks.good_number
union all
select
    'stall',
    day,
    unchanged::varchar || ' of ' || busy::varchar || ' repositories with 1,000 or more 30-day downloads did not change; '
    || round(change_per_day)::bigint::varchar || ' downloads a day in total'
    || coalesce(', usually ' || round(usual_change)::bigint::varchar, ''),
    'spread together with the days on which the counters caught up'
from core_usable_days
where is_stalled
union all
select
    'off schedule',
    day,
    'read between ' || hours.first_hour::varchar || ' and ' || (hours.last_hour + 1)::varchar
    || ' o''clock UTC, other days on the other side of the daily update of the Hub''s counters',
    'set aside: downloads are spread from the last usable to the next usable snapshot'
from core_off_schedule_days
join core_read_hours as hours using (day)
