-- A whole month: downloads of language models on all its days are known, within one segment of the series.
-- grain: month
with days as (
    select day, flow_segment as segment
    from panel_days
    where task_class = 'language' and flow_segment is not null
),
months as (
    select
        date_trunc('month', day)::date as month,
        min(segment) as segment,
        count(*) as known_days,
        max(segment) as last_segment
    from days
    group by date_trunc('month', day)::date
)
select
    months.month,
    months.segment,
    before.month as month_before
from months
left join months as before
    on before.month = (months.month - interval 1 month)::date and before.segment = months.segment
    and before.last_segment = before.segment and before.known_days = date_diff('day', before.month, months.month)
where months.last_segment = months.segment
    and months.known_days = date_diff('day', months.month, (months.month + interval 1 month)::date)
