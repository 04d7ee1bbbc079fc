-- A snapshot, and whether its readings may start or end an interval: not after a rollback, in a stall or off schedule.
-- grain: day
-- incremental: merge; day date, number bigint, used_number bigint, busy bigint, unchanged bigint, change_per_day double, usual_change double, is_rolled_back boolean, is_stalled boolean, is_used boolean
-- Stall: a quarter of the busy repositories did not change, or the total change was below 0.3 of the usual one, the
-- median over the known days of the 15 around it (at least 3). Each day is compared relative to the 30-day counters of
-- its own repositories, so that a large one that dropped, left or arrived does not look like a stall of the others.
-- Downloads of a stalled day are spread together with the days on which the counters catch up, because a stalled day
-- ends no interval. used_number counts the usable days.
with joined as (
    select
        snapshots.day,
        snapshots.source,
        snapshots.number,
        changes.busy,
        changes.unchanged,
        changes.total_change / date_diff('day', snapshots.previous_day, snapshots.day) as change_per_day,
        case when changes.downloads_30d > 0 then changes.downloads_30d / 30 else 1 end as expected,
        coalesce(changes.downloads_30d > 0, false) as has_expected,
        coalesce(not rollbacks.is_lasting, false) as is_rolled_back,
        coalesce(not rollbacks.is_lasting, false) or coalesce(not before.is_lasting, false) as is_unknown
    from core_snapshots as snapshots
    left join core_snapshot_changes as changes using (day)
    left join core_rollbacks as rollbacks on rollbacks.number = snapshots.number
    left join core_rollbacks as before on before.number = snapshots.number - 1
),
around as (
    select
        joined.day,
        median(others.change_per_day / others.expected) as usual,
        count(others.change_per_day) as days_known
    from joined
    join joined as others
        on others.source = joined.source and others.has_expected = joined.has_expected
        and others.day between joined.day - 7 and joined.day + 7
    where not others.is_unknown
    group by joined.day
),
measured as (
    select joined.*, joined.expected * around.usual as usual_change, coalesce(around.days_known, 0) as days_known
    from joined
    left join around using (day)
),
judged as (
    select
        *,
        not is_unknown and coalesce(
            (busy >= 100 and unchanged >= 0.25 * busy) or (days_known >= 3 and change_per_day < 0.3 * usual_change), false
        ) as is_stalled
    from measured
),
classified as (
    select judged.*, not is_rolled_back and not is_stalled and off_schedule.day is null as is_used
    from judged
    left join core_off_schedule_days as off_schedule using (day)
)
select
    day,
    number,
    sum(case when is_used then 1 else 0 end) over (order by day)::bigint as used_number,
    busy,
    unchanged,
    change_per_day,
    usual_change,
    is_rolled_back,
    is_stalled,
    is_used
from classified
