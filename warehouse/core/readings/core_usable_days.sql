-- A snapshot, and whether its readings may begin or end an interval: not if rolled back, not if the counters stood still.
-- grain: day
-- Stood still: a quarter of the busy repositories did not move, or all moved less than 0.3 of the median of the last 15
-- days. A stalled day is spread together with the days on which it was caught up, because it ends no interval.
with judged as (
    select
        snapshots.day,
        snapshots.source,
        snapshots.number,
        snapshots.previous_day,
        moves.busy,
        moves.still,
        moves.moved / (snapshots.day - snapshots.previous_day) as moved_per_day,
        coalesce(not rollbacks.is_lasting, false) as is_rolled_back,
        coalesce(not before.is_lasting, false) as is_after_rolled_back
    from core_snapshots as snapshots
    left join core_snapshot_changes as moves using (day)
    left join core_rollbacks as rollbacks on rollbacks.number = snapshots.number
    left join core_rollbacks as before on before.number = snapshots.number - 1
),
measured as (
    select
        *,
        median(case when not is_rolled_back and not is_after_rolled_back then moved_per_day end) over recent as usual,
        count(case when not is_rolled_back and not is_after_rolled_back then moved_per_day end) over recent as days_measured
    from judged
    window recent as (partition by source order by day range between interval 14 days preceding and current row)
),
verdicts as (
    select
        *,
        not is_rolled_back and not is_after_rolled_back and coalesce(
            (busy >= 100 and still >= 0.25 * busy) or (days_measured >= 7 and moved_per_day < 0.3 * usual), false
        ) as is_stalled
    from measured
)
select
    day,
    number,
    busy,
    still,
    moved_per_day,
    usual,
    is_rolled_back,
    is_stalled,
    not is_rolled_back and not is_stalled as is_used
from verdicts
