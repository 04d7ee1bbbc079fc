-- A day with readings that may be used, numbered, with the one before it.
-- grain: day
with days as (
    select distinct day
    from core_used_crawls
)
select
    day,
    row_number() over (order by day) as number,
    lag(day) over (order by day) as previous_day
from days
