-- A snapshot that is set aside because the counters of many repositories dropped, and whether they recovered.
-- grain: number
-- At most eight consecutive snapshots are set aside. If the ninth is still lower, the drop was a lasting correction and
-- all of them count. good_number is the last snapshot before the drop.
with recursive walk as (
    select
        1 as number,
        1 as good_number,
        0 as set_aside,
        false as is_lasting
    union all
    select
        snapshots.number,
        case when coalesce(pairs.is_drop, false) and walk.set_aside < 8 then walk.good_number else snapshots.number end,
        case when coalesce(pairs.is_drop, false) and walk.set_aside < 8 then walk.set_aside + 1 else 0 end,
        coalesce(pairs.is_drop, false) and walk.set_aside >= 8
    from walk
    join core_snapshots as snapshots on snapshots.number = walk.number + 1
    left join core_snapshot_comparisons as pairs on pairs.good_number = walk.good_number and pairs.number = snapshots.number
),
lasting as (
    select number
    from walk
    where is_lasting
)
select
    walk.number,
    walk.good_number,
    walk.set_aside,
    lasting.number is not null as is_lasting,
    pairs.repositories,
    pairs.dropped
from walk
left join lasting on lasting.number = walk.good_number + 9
left join core_snapshot_comparisons as pairs on pairs.good_number = walk.good_number and pairs.number = walk.number
where walk.set_aside > 0
