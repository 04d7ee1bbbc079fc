-- A day with a usable listing: how wide it is, whether it is only a part, and the last whole day before it.
-- grain: day
-- incremental: merge; day date, width_read integer, width integer, is_cut boolean, is_whole boolean, whole_before date
-- Widths: listings of the whole Hub (3), families (2), other scopes (1), files of the user (0). A day is a part if a
-- wider listing was read in the 30 days before; a file is a part if anything wider was read at any time before. If the
-- last whole day has registered accounts only, so has the whole series: wider days are cut to them (is_cut, width 1;
-- see core_uncounted_repositories), and no day with them is a part. No select reads the earlier rows to add to them;
-- they show whether the series changed (core_reclassified_days).
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
        ) as width_read
    from core_usable_crawls
    group by day
),
compared as (
    select
        day,
        width_read,
        width_read = max(width_read) over (order by day range between interval 30 days preceding and current row)
        and (width_read > 0 or max(width_read) over (order by day rows between unbounded preceding and current row) = 0)
            as is_widest
    from widths
),
series as (
    select coalesce(max_by(width_read, day) = 1, false) as is_of_accounts
    from compared
    where is_widest
),
panels as (
    select
        compared.day,
        compared.width_read,
        case when series.is_of_accounts then least(compared.width_read, 1) else compared.width_read end as width,
        series.is_of_accounts and compared.width_read > 1 as is_cut,
        compared.is_widest or (series.is_of_accounts and compared.width_read > 0) as is_whole
    from compared
    cross join series
)
select
    day,
    width_read,
    width,
    is_cut,
    is_whole,
    case when is_whole then lag(day) over (partition by is_whole order by day) end as whole_before
from panels
