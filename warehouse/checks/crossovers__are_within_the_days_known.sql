-- A crossover and its interval are within the days of their series, and the interval is in order.
-- severity: fail
with spans as (
    select metric, task_class, lens, layer, min(day) as first_day, max(day) as last_day
    from crossover_series
    where definition = 'baseline'
    group by metric, task_class, lens, layer
)
select metric, task_class, lens, layer, a, b, crossed_on, low, high
from crossovers
left join spans using (metric, task_class, lens, layer)
where first_day is null or crossed_on not between first_day and last_day
    or low > high or low < first_day or high > last_day
