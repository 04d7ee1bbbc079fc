-- A day with usable readings, numbered, with the previous day of the same source.
-- grain: day
-- Only snapshots of one source are compared, so that an archive of other repositories does not look like a stall of
-- ours. A day that we read ourselves belongs to us, whatever was imported for it. is_interrupted: another source has a
-- day in between.
with days as (
    select
        day,
        coalesce(max(case when source = 'crawl' then source end), max(source)) as source
    from core_usable_crawls
    group by day
),
numbered as (
    select
        day,
        source,
        row_number() over (order by case when source = 'crawl' then 1 else 0 end, source, day) as number,
        lag(day) over (partition by source order by day) as previous_day,
        lag(day) over (order by day) as day_before
    from days
)
select
    day,
    source,
    number,
    previous_day,
    coalesce(day_before > previous_day, false) as is_interrupted
from numbered
