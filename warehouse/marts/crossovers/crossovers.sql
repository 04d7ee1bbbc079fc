-- The last time the downloads of one country pass those of another and stay above, daily and all-time, with an interval.
-- grain: metric, task_class, lens, layer, a, b
-- Earlier changes of the lead are in lead_changes. The interval covers the middle 95% of 200 resamples of the
-- repositories, and at least the days in which the crossover is. Resamples that never cross, or in which a lead that
-- holds in the data does not, count as later than all that do. There is no crossover if a is ahead from the first day,
-- or never for 14 days.
with changes as (
    select
        metric, task_class, lens, layer, a, b,
        max(crossed_on) as crossed_on,
        max_by(crossed_after, crossed_on) as crossed_after,
        max_by(holds, crossed_on) as holds
    from lead_changes
    where definition = 'baseline'
    group by metric, task_class, lens, layer, a, b
),
data as (
    select
        metric, task_class, lens, layer, a, b, draws.is_ahead_throughout, changes.crossed_on, changes.crossed_after, changes.holds
    from crossover_draws as draws
    left join changes using (metric, task_class, lens, layer, a, b)
    where draws.definition = 'baseline' and draws.replicate = 0
),
draws as (
    select
        metric, task_class, lens, layer, a, b, draws.replicate,
        case when draws.holds or not data.holds then draws.crossed_on end as crossed_on,
        case when draws.holds or not data.holds then draws.crossed_from end as crossed_from
    from crossover_draws as draws
    join data using (metric, task_class, lens, layer, a, b)
    where draws.definition = 'baseline' and draws.replicate > 0 and data.crossed_on is not null
),
ranked as (
    select
        *,
        row_number() over (partition by metric, task_class, lens, layer, a, b order by crossed_from nulls last, replicate) as low_place,
        row_number() over (partition by metric, task_class, lens, layer, a, b order by crossed_on nulls last, replicate) as high_place
    from draws
),
intervals as (
    select
        metric, task_class, lens, layer, a, b,
        min(crossed_from) filter (where low_place = 5) as low,
        min(crossed_on) filter (where high_place = 196) as high
    from ranked
    group by metric, task_class, lens, layer, a, b
)
select
    metric, task_class, lens, layer, a, b, data.crossed_on,
    least(intervals.low, data.crossed_after + 1) as low,
    case when intervals.high is not null then greatest(intervals.high, data.crossed_on) end as high,
    data.is_ahead_throughout,
    data.crossed_after,
    data.holds
from data
left join intervals using (metric, task_class, lens, layer, a, b)
