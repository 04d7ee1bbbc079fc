-- What an entry of another ruler counts on a day: the value of the day, the growth of a counter, or offers of the week.
-- grain: axis, entity, metric, day
-- Providers come and go by the hour, so an offer counts for the week up to each reading; of several the largest counts.
-- read_day is the day of axis_days that says whom it counts for.
with weeks as (
    select axis, entity, metric, day as read_day, value, unnest(generate_series(day - 6, day, interval 1 day)) as moment
    from stg_axis_values
    where metric = 'providers'
)
select axis, entity, metric, day as read_day, day, value
from stg_axis_values
where not is_cumulative and metric != 'providers'
union all
select axis, entity, 'downloads' as metric, read_day, day, value
from stg_axis_flows
union all
select axis, entity, metric, max(read_day) as read_day, moment::date as day, max(value) as value
from weeks
group by axis, entity, metric, moment::date
