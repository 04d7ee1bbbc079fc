-- Downloads of a month by country of the publisher, country of the roots, layer and task class.
-- grain: month, publisher_origin, root_origin, layer, is_by_maker, task_class
-- models counts the repositories listed on the last completely read day of the month; unknown for months without one.
-- downloads are of the days of one segment: in a month in which other models begin to be read, of the days from then on.
with panels as (
    select
        day,
        task_class,
        flow_segment = max(flow_segment) over (partition by task_class, date_trunc('month', day)) as is_of_last_segment
    from panel_days
),
months as (
    select
        date_trunc('month', day)::date as month,
        max(day) filter (where models is not null) as last_read
    from group_days
    group by date_trunc('month', day)::date
)
select
    months.month,
    shares.publisher_origin,
    shares.origin as root_origin,
    shares.layer,
    shares.counted_layer,
    shares.is_by_maker,
    shares.task_class,
    case
        when months.last_read is not null
            then coalesce(sum(days.models * shares.weight) filter (where days.day = months.last_read), 0)::double
    end as models,
    sum(case when panels.is_of_last_segment then days.downloads * shares.weight end)::double as downloads
from group_days as days
join months on months.month = date_trunc('month', days.day)::date
join core_group_shares as shares on shares.group_id = days.group_id and shares.lens = 'root'
left join panels on panels.day = days.day and panels.task_class = coalesce(shares.task_class, 'all')
group by
    months.month, months.last_read, shares.publisher_origin, shares.origin, shares.layer,
    shares.counted_layer, shares.is_by_maker, shares.task_class
