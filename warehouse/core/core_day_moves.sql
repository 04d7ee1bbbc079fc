-- How the all-time counters moved from one snapshot to the next, over the repositories read on both days.
-- grain: day
-- carried: by day
select
    readings.day,
    snapshots.source,
    snapshots.number,
    snapshots.previous_day,
    count(*) as repositories,
    count(*) filter (where readings.downloads_all_time < readings.all_time_before) as fallen,
    count(*) filter (where readings.downloads_30d >= 60000) as busy,
    count(*) filter (
        where readings.downloads_30d >= 60000 and readings.downloads_all_time = readings.all_time_before
    ) as still,
    sum(readings.downloads_all_time - readings.all_time_before)::double as moved
from core_readings as readings
join core_snapshots as snapshots on readings.day = snapshots.day and readings.day_before = snapshots.previous_day
group by readings.day, snapshots.source, snapshots.number, snapshots.previous_day
