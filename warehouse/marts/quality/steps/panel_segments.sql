-- The segment of a whole day: days in a row whose panels differ by at most 5% of the downloads and have one scope.
-- grain: day, task_class
-- A segment begins where more than 5% of the downloads left or arrived, or the scope changed. What returns after a part
-- (see panel_changes) is no arrival.
with joined as (
    select
        *,
        lag(day) over universe as day_before,
        lag(width) over universe as width_before,
        lag(models) over universe as models_before
    from panel_changes
    where is_whole
    window universe as (partition by task_class order by day)
),
returns as (
    select joined.day, joined.task_class, max(parts.left_share) as left_share
    from joined
    join panel_changes as parts
        on parts.task_class = joined.task_class and not parts.is_whole and parts.left_share > 0.05
        and parts.day > joined.day_before and parts.day < joined.day
    join core_scope_days as scopes on scopes.day = joined.day and scopes.whole_before = parts.day
    group by joined.day, joined.task_class
),
judged as (
    select
        joined.*,
        coalesce(joined.left_share > 0.05 or joined.width < joined.width_before, false) as has_left,
        coalesce(
            abs(joined.arrived_share - coalesce(returns.left_share, 0)) > 0.05 or joined.width > joined.width_before, false
        ) as has_arrived
    from joined
    left join returns using (day, task_class)
)
select
    day,
    task_class,
    day_before,
    width,
    width_before,
    models,
    models_before,
    left_share,
    arrived_share,
    has_left,
    has_arrived,
    1 + count(*) filter (where day_before is not null and (has_left or has_arrived)) over (
        partition by task_class order by day
    ) as segment
from judged
