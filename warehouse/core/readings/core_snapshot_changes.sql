-- Change of all-time counters from one snapshot to the next, over the repositories read on both days.
-- grain: day
-- incremental: append
-- Busy repositories have 60,000 or more 30-day downloads.
with pairs as not materialized (
    select
        readings.day,
        readings.downloads_30d,
        readings.downloads_all_time,
        readings.all_time_before
    from core_readings as readings
    join core_snapshots as snapshots on readings.day = snapshots.day and readings.day_before = snapshots.previous_day
    union all
    select
        readings.day,
        readings.downloads_30d,
        readings.downloads_all_time,
        earlier.downloads_all_time as all_time_before
    from core_snapshots as snapshots
    join core_readings as readings on readings.day = snapshots.day and readings.day_before > snapshots.previous_day
    join core_readings as earlier
        on earlier.repository_key = readings.repository_key and earlier.day = snapshots.previous_day
    where snapshots.is_interrupted
),
sums as (
    select
        day,
        count(*) as repositories,
        count(*) filter (where downloads_all_time < all_time_before) as dropped,
        count(*) filter (where downloads_30d >= 60000) as busy,
        count(*) filter (where downloads_30d >= 60000 and downloads_all_time = all_time_before) as unchanged,
        sum(downloads_all_time - all_time_before)::double as total_change
    from pairs
    group by day
)
select
    sums.day,
    snapshots.source,
    snapshots.number,
    snapshots.previous_day,
    sums.repositories,
    sums.dropped,
    sums.busy,
    sums.unchanged,
    sums.total_change
from sums
join core_snapshots as snapshots using (day)
