-- A day of a compared series, with the days that are known only as one sum with it, and where a change of lead may lie.
-- grain: metric, task_class, day
-- Only days of the last segment of a class are compared. Its all-time counters are known on its days with a reading, and
-- 30 days before the first of them by the 30-day counters. Days between (a stretch without readings, the days before the
-- first reading) share one even spread and are one observation. If the lead changes with an observation, the change is
-- within span_first to span_last: in the observation, in the one before it, or in a spread of more than three days that
-- reaches into the 7-day means of either.
with last_segments as (
    select task_class, segment, first_day, last_day, first_flow_day
    from segments
    where (task_class, segment) in (select task_class, max(segment) from segments group by task_class)
),
read_days as (
    select panels.task_class, panels.day, last_segments.first_flow_day
    from panel_days as panels
    join last_segments using (task_class, segment)
    join core_usable_days as used on used.day = panels.day and used.is_used
),
counter_days as (
    select task_class, day
    from read_days
    union
    select read_days.task_class, read_days.day - 30
    from read_days
    where read_days.day < read_days.first_flow_day + 59
),
downloads as (
    select
        panels.task_class,
        panels.day,
        count(counter_days.day) over (
            partition by panels.task_class order by panels.day rows between unbounded preceding and 1 preceding
        ) as number
    from panel_days as panels
    join last_segments on last_segments.task_class = panels.task_class and last_segments.segment = panels.flow_segment
    left join counter_days on counter_days.task_class = panels.task_class and counter_days.day = panels.day
),
spreads as (
    select task_class, number, min(day) as first_day, max(day) as last_day, min(day) = max(day) as is_single
    from downloads
    group by task_class, number
),
neighbours as (
    select
        *,
        lag(first_day) over (partition by task_class order by number) as first_before,
        lag(is_single) over (partition by task_class order by number) as was_single
    from spreads
),
spans as (
    select
        one.task_class,
        one.number,
        one.first_day,
        one.last_day,
        least(
            one.first_day, case when not one.was_single then one.first_before end, min(longer.first_day)
        ) as span_first,
        greatest(one.last_day, max(longer.last_day)) as span_last
    from neighbours as one
    left join spreads as longer
        on longer.task_class = one.task_class
        and longer.last_day > longer.first_day + 2
        and longer.last_day >= one.first_day - 4 and longer.first_day <= one.first_day + 3
    group by one.task_class, one.number, one.first_day, one.last_day, one.first_before, one.was_single
),
counters as (
    select panels.task_class, panels.day, lag(panels.day) over (partition by panels.task_class order by panels.day) as day_before
    from panel_days as panels
    join last_segments using (task_class, segment)
)
select
    'downloads' as metric,
    downloads.task_class,
    downloads.day,
    spans.first_day,
    spans.last_day,
    spans.span_first,
    spans.span_last
from downloads
join spans using (task_class, number)
union all
select
    'downloads_all_time', task_class, day, day, day,
    coalesce(day_before + 1, day),
    day
from counters
