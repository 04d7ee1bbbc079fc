-- A whole month: downloads of all its days are known, over one segment of the series.
-- grain: month
-- The readings of a segment cover the 30 days before it, so segments of downloads begin 29 days before those of readings.
with starts as (
    select segment, case when segment = 1 then date '1970-01-01' else min(day) - 29 end as first_day
    from series_days
    where is_whole
    group by segment
),
days as (
    select booked_days.day, max(starts.segment) as segment
    from booked_days
    join starts on starts.first_day <= booked_days.day
    where booked_days.day <= (select last_day from comparison_days)
    group by booked_days.day
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
    and before.last_segment = before.segment and before.known_days = months.month - before.month
where months.last_segment = months.segment
    and months.known_days = (months.month + interval 1 month)::date - months.month
