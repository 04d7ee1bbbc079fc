-- A snapshot, and whether its readings may start or end an interval: not after a rollback or during a stall.
-- grain: day
-- Stall: a quarter of the busy repositories did not change, or the total change was below 0.3 of its median over the
-- last 15 days. Downloads of a stalled day are spread together with the days on which the counters catch up, because a
-- stalled day ends no interval.
with joined as (
    select
        snapshots.day,
        snapshots.source,
        snapshots.number,
        snapshots.previous_day,
        changes.busy,
        changes.unchanged,
        changes.total_change / (snapshots.day - snapshots.previous_day) as change_per_day,
        coalesce(not rollbacks.is_lasting, false) as is_rolled_back,
        coalesce(not before.is_lasting, false) as is_after_rolled_back
    from core_snapshots as snapshots
    left join core_snapshot_changes as changes using (day)
    left join core_rollbacks as rollbacks on rollbacks.number = snapshots.number
    left join core_rollbacks as before on before.number = snapshots.number - 1
),
measured as (
    select
        *,
        median(case when not is_rolled_back and not is_after_rolled_back then change_per_day end) over recent as usual_change,
        count(case when not is_rolled_back and not is_after_rolled_back then change_per_day end) over recent as days_measured
    from joined
    window recent as (partition by source order by day range between interval 14 days preceding and current row)
),
classified as (
    select
        *,
        not is_rolled_back and not is_after_rolled_back and coalesce(
            (busy >= 100 and unchanged >= 0.25 * busy) or (days_measured >= 7 and change_per_day < 0.3 * usual_change), false
        ) as is_stalled
    from measured
)
select
    day,
    number,
    busy,
    unchanged,
    change_per_day,
    usual_change,
    is_rolled_back,
    is_stalled,
    not is_rolled_back and not is_stalled as is_used
from classified
