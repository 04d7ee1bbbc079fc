-- The last time a country passes another, in the data (replicate 0) and in 200 resamples (1 to 200).
-- grain: definition, metric, task_class, lens, layer, a, b, replicate
-- Only lasting leads count (see crossover_runs). A lead that starts within the data is preferred to one that is under
-- way on the first day. Nobody is ahead throughout if most days are known only as sums over more than a week.
with vague as (
    select metric, task_class
    from crossover_observations
    group by metric, task_class
    having 2 * count(*) filter (where date_diff('day', first_day, last_day) >= 7) > count(*)
),
runs as (
    select *, last_day = max(last_day) over (partition by definition, metric, task_class, lens, layer, a, b, replicate) as is_current
    from crossover_runs
)
select
    definition, metric, task_class, lens, layer, a, b, replicate,
    coalesce(
        max(known_on) filter (where is_lasting and run > 0), min(known_on) filter (where is_lasting)
    ) as crossed_on,
    coalesce(
        max(first_day) filter (where is_lasting and run > 0), min(first_day) filter (where is_lasting)
    ) as crossed_from,
    bool_or(is_lasting and is_current) as holds,
    bool_and(is_lasting) and (metric, task_class) not in (select metric, task_class from vague) as is_ahead_throughout
from runs
group by definition, metric, task_class, lens, layer, a, b, replicate
