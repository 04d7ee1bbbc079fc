-- A day with a usable listing: whether it belongs to the series of shares, or is too narrow for it, and its segment.
-- grain: day
-- Widths: listings of the whole Hub (3), families (2), other scopes (1), files of the user (0). A day is whole unless a
-- wider listing was read in the 30 days before, so that a part never passes for the whole. Files alone count only if
-- nothing else was read. Days of another width begin a new segment: days of different segments are not comparable.
with widths as (
    select
        day,
        max(
            case
                when scope in ('hub', 'hub-stats', 'hub-weekly', 'model-pulse', 'recorded') then 3
                when scope = 'families' then 2
                when scope like 'file%' then 0
                else 1
            end
        ) as width
    from core_usable_crawls
    group by day
),
compared as (
    select
        day,
        width,
        width = max(width) over (order by day range between interval 30 days preceding and current row)
        and (width > 0 or max(width) over () = 0) as is_whole
    from widths
),
turns as (
    select *, width != lag(width) over (partition by is_whole order by day) as is_turn
    from compared
)
select
    day,
    width,
    is_whole,
    case when is_whole then 1 + count(*) filter (where is_turn and is_whole) over (order by day) end as segment
from turns
