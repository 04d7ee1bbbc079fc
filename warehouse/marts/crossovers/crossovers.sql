-- When the downloads of one country pass those of another and stay above, daily and all-time, with an interval.
-- grain: metric, lens, layer, a, b
-- The interval covers the middle 95% of 200 resamples of the repositories. Resamples that never cross count as later
-- than all that do. There is no crossover if a is ahead from the first day, or never for 14 days.
with data as (
    select *
    from crossover_draws
    where definition = 'baseline' and replicate = 0
),
ranked as (
    select
        metric, lens, layer, a, b, crossed_on,
        row_number() over (partition by metric, lens, layer, a, b order by crossed_on nulls last, replicate) as place
    from crossover_draws
    where definition = 'baseline' and replicate > 0
),
intervals as (
    select
        metric, lens, layer, a, b,
        min(crossed_on) filter (where place = 5) as low,
        min(crossed_on) filter (where place = 196) as high
    from ranked
    group by metric, lens, layer, a, b
)
select
    metric, lens, layer, a, b,
    case when not data.is_ahead_throughout then data.crossed_on end as crossed_on,
    case when not data.is_ahead_throughout and data.crossed_on is not null then intervals.low end as low,
    case when not data.is_ahead_throughout and data.crossed_on is not null then intervals.high end as high,
    data.is_ahead_throughout
from data
left join intervals using (metric, lens, layer, a, b)
