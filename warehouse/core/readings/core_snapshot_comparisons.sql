-- A snapshot compared with an earlier good one: have more than 5% of the repositories a lower counter?
-- grain: good_number, number
-- incremental: append
-- Every snapshot is compared with the one before it. After a drop, the next eight are compared with the last good one.
-- Fewer than 100 repositories are never a drop.
with starts as (
    select
        number,
        source,
        previous_day as good_day
    from core_snapshot_changes
    where repositories >= 100 and dropped > 0.05 * repositories
),
followers as (
    select
        starts.good_day,
        snapshots.day,
        snapshots.number
    from starts
    join core_snapshots as snapshots
        on snapshots.source = starts.source and snapshots.number between starts.number + 1 and starts.number + 8
),
counted as (
    select
        followers.good_day,
        followers.day,
        followers.number,
        count(*) as repositories,
        count(*) filter (where later.downloads_all_time < good.downloads_all_time) as dropped
    from followers
    join core_readings as good on good.day = followers.good_day
    join core_readings as later on later.day = followers.day and later.repository_key = good.repository_key
    group by followers.good_day, followers.day, followers.number
)
select
    day,
    number - 1 as good_number,
    number,
    repositories,
    dropped,
    repositories >= 100 and dropped > 0.05 * repositories as is_drop
from core_snapshot_changes
union all
select
    counted.day,
    good.number as good_number,
    counted.number,
    counted.repositories,
    counted.dropped,
    counted.repositories >= 100 and counted.dropped > 0.05 * counted.repositories as is_drop
from counted
join core_snapshots as good on good.day = counted.good_day
