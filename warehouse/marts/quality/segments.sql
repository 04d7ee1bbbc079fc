-- A stretch of days whose sums and shares are comparable, by task class; between two of them charts have a gap.
-- grain: task_class, segment
-- task_class is a class, or all for all models. Readings are comparable from first_day to last_day, daily downloads from
-- first_flow_day to last_flow_day: the 30 days before a reading are known of the repositories that it has. Where some
-- left and others arrived, the days on which both count belong to no segment. Downloads are known only where at least half
-- of the models have an all-time counter.
with starts as (
    select
        segments.*,
        row_number() over (partition by task_class, segment order by day) as place,
        max(day) over (partition by task_class, segment) as last_day
    from panel_segments as segments
),
first_days as (
    select * from starts where place = 1
),
used as (
    select segments.task_class, segments.segment, min(segments.day) as first_used_day
    from panel_segments as segments
    join panel_changes as panels using (day, task_class)
    join core_usable_days as days using (day)
    where days.is_used and 2 * panels.counters_known >= panels.models
    group by segments.task_class, segments.segment
),
turns as (
    select
        first_days.*,
        used.first_used_day,
        lag(first_days.last_day) over universe as last_before,
        lead(first_days.has_left) over universe as next_leaves,
        lead(first_days.has_arrived) over universe as next_arrives,
        lead(used.first_used_day) over universe as next_used_day
    from first_days
    left join used using (task_class, segment)
    window universe as (partition by first_days.task_class order by first_days.segment)
)
select
    turns.task_class,
    turns.segment::bigint as segment,
    turns.day as first_day,
    turns.last_day,
    case
        when turns.last_before is null or turns.has_arrived and not turns.has_left then turns.first_used_day - 29
        when turns.has_arrived then greatest(turns.first_used_day - 29, turns.last_before + 1)
        when turns.first_used_day is not null then turns.last_before + 1
    end as first_flow_day,
    case
        when turns.first_used_day is null then null
        when turns.next_arrives and turns.next_leaves then least(turns.last_day, turns.next_used_day - 30)
        when turns.next_arrives then coalesce(turns.next_used_day - 30, turns.last_day)
        else turns.last_day
    end as last_flow_day,
    turns.width,
    turns.models,
    turns.models_before,
    turns.left_share,
    turns.arrived_share,
    case
        when turns.last_before is null then null
        when turns.width != turns.width_before then 'scope'
        when turns.has_arrived and turns.has_left then 'replaced'
        when turns.has_arrived then 'arrived'
        else 'left'
    end as break_kind
from turns
