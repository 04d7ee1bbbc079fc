-- Change of all-time counters from one snapshot to the next, over the repositories read on both days.
-- grain: day
-- incremental: append
-- A repository whose counter dropped counts in repositories, dropped and downloads_30d_total only: its drop says nothing
-- about the others. Busy repositories have 1,000 or more 30-day downloads. downloads_30d is the sum of 30-day counters on
-- the later day.
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
        count(*) filter (where downloads_30d >= 1000 and downloads_all_time >= all_time_before) as busy,
        count(*) filter (where downloads_30d >= 1000 and downloads_all_time = all_time_before) as unchanged,
        sum(case when downloads_all_time >= all_time_before then downloads_all_time - all_time_before end)::double
            as total_change,
        sum(case when downloads_all_time >= all_time_before then downloads_30d end)::double as downloads_30d,
        sum(downloads_30d)::double as downloads_30d_total
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
    sums.total_change,
    sums.downloads_30d,
    sums.downloads_30d_total
from sums
join core_snapshots as snapshots using (day)
