-- How far all-time less 30-day downloads is off what was read 30 days before, over the repositories read on both days.
-- grain: day
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
)
select
    day,
    repositories,
    off,
    downloads_30d
from overlapping
where repositories >= 20
