-- A snapshot against an earlier good one: does more than one repository in twenty stand lower than there?
-- grain: good_number, number
-- incremental: append
-- Every snapshot is held against the one before it; after such a fall, the next eight are held against the last good one.
with starts as (
    select
        number,
        source,
        previous_day as good_day
    from core_snapshot_changes
    where repositories >= 100 and fallen > 0.05 * repositories
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
        count(*) filter (where later.downloads_all_time < good.downloads_all_time) as fallen
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
    fallen,
    repositories >= 100 and fallen > 0.05 * repositories as is_fall
from core_snapshot_changes
union all
select
    counted.day,
    good.number as good_number,
    counted.number,
    counted.repositories,
    counted.fallen,
    counted.repositories >= 100 and counted.fallen > 0.05 * counted.repositories as is_fall
from counted
join core_snapshots as good on good.day = counted.good_day
