-- A country passes another and stays above for 14 days or more: every such change of the lead, the earlier ones too.
-- grain: definition, metric, task_class, lens, layer, a, b, crossed_on
-- A change is after crossed_after and not after crossed_on. They are more than a day apart where days are known only
-- as one sum, unless the single days around show that the lead changed from one to the next.
with leads as (
    select *, last_day = max(last_day) over (partition by definition, metric, task_class, lens, layer, a, b) as holds
    from crossover_runs
    where replicate = 0
),
started as (
    select *
    from leads
    where run > 0 and is_lasting
),
single_days as (
    select
        gaps.definition, gaps.metric, gaps.task_class, gaps.lens, gaps.layer, gaps.a, gaps.b, gaps.day, gaps.gap
    from crossover_gaps as gaps
    join crossover_observations as observations using (metric, task_class, day)
    where gaps.metric = 'downloads' and observations.first_day = observations.last_day
),
seen as (
    select definition, metric, task_class, lens, layer, a, b, day, gap > 0 as is_above
    from single_days
    union all
    select definition, metric, task_class, lens, layer, b as a, a as b, day, gap < 0
    from single_days
),
around as (
    select
        definition, metric, task_class, lens, layer, a, b, started.run,
        max(seen.day) filter (where not seen.is_above) as last_below,
        min(seen.day) filter (where seen.is_above) as first_above
    from started
    join seen using (definition, metric, task_class, lens, layer, a, b)
    where seen.day between started.first_day - 4 and started.first_day + 3
    group by definition, metric, task_class, lens, layer, a, b, started.run
),
dated as (
    select
        started.*,
        coalesce(around.first_above = around.last_below + 1 and started.first_day = started.known_on, false) as is_exact
    from started
    left join around using (definition, metric, task_class, lens, layer, a, b, run)
)
select
    definition, metric, task_class, lens, layer, a, b,
    case when is_exact then first_day else span_last end as crossed_on,
    case when is_exact then first_day else span_first end - 1 as crossed_after,
    holds
from dated
where date_diff('day', case when is_exact then first_day else span_last end, last_day) >= 13
