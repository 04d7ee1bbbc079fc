-- A day with a usable listing: how wide it is, whether it is only a part, and the last whole day before it.
-- grain: day
-- Widths: listings of the whole Hub (3), families (2), other scopes (1), files of the user (0). A day is a part if a
-- wider listing was read in the 30 days before; a file is a part if anything wider was read at any time before.
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
        and (width > 0 or max(width) over (order by day rows between unbounded preceding and current row) = 0) as is_whole
    from widths
)
select
    day,
    width,
    is_whole,
    case when is_whole then lag(day) over (partition by is_whole order by day) end as whole_before
from compared
