-- The downloads of a month in origin_flows equal those of its days of one segment in adoption_days, under both lenses.
-- severity: fail
with flows as (
    select month, 'publisher' as lens, publisher_origin as origin, sum(downloads) as downloads
    from origin_flows
    group by month, publisher_origin
    union all
    select month, 'root', root_origin, sum(downloads)
    from origin_flows
    group by month, root_origin
),
panels as (
    select
        day,
        task_class,
        flow_segment = max(flow_segment) over (partition by task_class, date_trunc('month', day)) as is_of_last_segment
    from panel_days
),
days as (
    select
        date_trunc('month', days.day)::date as month,
        days.lens,
        days.origin,
        sum(case when panels.is_of_last_segment then days.downloads end) as downloads
    from adoption_days as days
    left join panels on panels.day = days.day and panels.task_class = coalesce(days.task_class, 'all')
    group by date_trunc('month', days.day)::date, days.lens, days.origin
)
select
    coalesce(flows.month, days.month) as month,
    coalesce(flows.lens, days.lens) as lens,
    coalesce(flows.origin, days.origin) as origin,
    flows.downloads as downloads_in_flows,
    days.downloads as downloads_in_days
from flows
full join days
    on flows.month = days.month and flows.lens = days.lens and flows.origin is not distinct from days.origin
where abs(coalesce(flows.downloads, -1) - coalesce(days.downloads, -1)) > 0.5
