-- A day that was read at another time than the days around it, so that its counters cover another number of updates.
-- grain: day
-- The Hub updates its counters once a day, mostly between 07 and 10 UTC. A crawl that ends before shows the counters of
-- the day before: read at 05:17, at 05:17, and once at 16:43, one interval covers two updates and the next one none. A
-- lasting change of schedule is none: such a day differs from its neighbours and from most days within a week.
with hours as (
    select
        snapshots.day,
        case when hours.last_hour < 7 then 1 when hours.first_hour >= 10 then 0 end as updates_missing
    from core_snapshots as snapshots
    join core_read_hours as hours using (day)
    where snapshots.source = 'crawl'
),
compared as (
    select
        day,
        updates_missing,
        lag(updates_missing) over (order by day) as missing_before,
        lead(updates_missing) over (order by day) as missing_after,
        avg(updates_missing) over (order by day range between interval 7 days preceding and interval 7 days following)
            as share_missing
    from hours
)
select day
from compared
where updates_missing != missing_before
    and updates_missing != coalesce(missing_after, missing_before)
    and abs(updates_missing - share_missing) > 0.5
