-- The models of a class that were read on a day, and the segments of days with comparable numbers.
-- grain: day, task_class
-- task_class is a class, or all for all models. Numbers of different segments are sums over different models: compare
-- readings within a segment, daily downloads within a flow_segment. A day without a segment is not in the series. Days
-- with daily downloads but no reading have no models. known_days is the divisor of 7-day means, within the segment.
with booked as (
    select booked_days.day, segments.task_class, segments.segment
    from booked_days
    join segments on booked_days.day between segments.first_flow_day and segments.last_flow_day
),
flows as (
    select
        day,
        task_class,
        segment,
        count(*) over (
            partition by task_class, segment order by day range between interval 3 days preceding and interval 3 days following
        ) as known_days
    from booked
),
panels as (
    select
        panels.day,
        panels.task_class,
        panels.models,
        panels.downloads_30d,
        coalesce(coverage.coverage, case when panels.is_whole then 1.0::double else 1 - panels.left_share end) as coverage,
        panels.left_share,
        panels.arrived_share,
        panels.is_whole,
        segments.segment
    from panel_changes as panels
    left join core_panel_coverage as coverage using (day, task_class)
    left join panel_segments as segments using (day, task_class)
)
select
    coalesce(panels.day, flows.day) as day,
    coalesce(panels.task_class, flows.task_class) as task_class,
    panels.models,
    panels.downloads_30d,
    round(panels.coverage, 9) as coverage,
    round(panels.left_share, 9) as left_share,
    round(panels.arrived_share, 9) as arrived_share,
    panels.is_whole,
    panels.segment::bigint as segment,
    flows.segment as flow_segment,
    flows.known_days
from panels
full outer join flows on flows.day = panels.day and flows.task_class = panels.task_class
