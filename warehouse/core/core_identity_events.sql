-- How well 30-day counts tell all-time counters of 30 days before: held against readings, and refused in contradiction.
-- grain: kind, day
-- Held against readings where at least 20 repositories with 1,000 downloads a month or more were read on both days.
with overlapping as (
    select
        later.day,
        count(*) as repositories,
        sum(abs(later.downloads_all_time - later.downloads_30d - earlier.downloads_all_time)) as off,
        sum(later.downloads_30d) as downloads_30d
    from core_readings as later
    join core_used_days as used on used.day = later.day and used.is_used
    join core_used_days as used_before on used_before.day = later.day - 30 and used_before.is_used
    join core_readings as earlier on earlier.model_number = later.model_number and earlier.day = later.day - 30
    where later.downloads_30d >= 1000
    group by later.day
),
refused as (
    select
        day + 30 as day,
        count(*) as repositories
    from core_identity_reads
    where not is_used
    group by day + 30
)
select
    'identity deviation' as kind,
    day,
    'all-time less 30-day downloads is off the reading of ' || (day - 30)::varchar || ' by '
    || round(100.0 * off / downloads_30d, 2)::varchar || ' % of the 30-day downloads, over ' || repositories::varchar
    || ' repositories' as detail,
    'none: says how far the days before the first reading can be trusted' as handling
from overlapping
where repositories >= 20
union all
select
    'identity refused',
    day,
    '30-day downloads of ' || repositories::varchar || ' repositories do not fit their other counters',
    'not used for the days before their first reading'
from refused
