-- Downloads of one large country minus those of another on a day, as such and as compared.
-- grain: definition, metric, task_class, lens, layer, a, b, day
-- Daily downloads are compared by their centred 7-day means, over the known days, where at least four of the seven are
-- known; all-time downloads are compared directly. Each pair occurs once, in alphabetical order.
with origins as (
    select distinct definition, metric, task_class, lens, layer, origin
    from crossover_series
),
pairs as (
    select a.definition, a.metric, a.task_class, a.lens, a.layer, a.origin as a, b.origin as b
    from origins as a
    join origins as b using (definition, metric, task_class, lens, layer)
    where a.origin < b.origin
),
gaps as (
    select
        definition, metric, task_class, lens, layer, pairs.a, pairs.b, series.day,
        round(sum(case when series.origin = pairs.a then series.value else -series.value end), 6) as gap
    from pairs
    join crossover_series as series using (definition, metric, task_class, lens, layer)
    where series.origin in (pairs.a, pairs.b)
    group by definition, metric, task_class, lens, layer, pairs.a, pairs.b, series.day
)
select
    definition, metric, task_class, lens, layer, a, b, day, gap,
    case
        when metric != 'downloads' then gap
        when count(*) over week >= 4 then (sum(gap::decimal(28, 6)) over week)::double / count(*) over week
    end as compared_gap
from gaps
window week as (
    partition by definition, metric, task_class, lens, layer, a, b
    order by day range between interval 3 days preceding and interval 3 days following
)
