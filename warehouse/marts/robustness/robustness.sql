-- The headline, China compared with the United States, under each definition: 30-day shares and the last crossovers.
-- grain: headline, task_class, definition
-- Uses the last 30 days with known downloads in the last segment. A share is of all downloads that the definition counts,
-- including unaffiliated publishers.
with segment_days as (
    select panels.task_class, panels.day, max(panels.day) over (partition by panels.task_class) as last_day
    from panel_days as panels
    where panels.flow_segment is not null
        and (panels.task_class, panels.flow_segment) in (
            select task_class, max(segment) from segments group by task_class
        )
),
last_days as (
    select task_class, day
    from segment_days
    where day > last_day - 30
),
recent as (
    select
        definition,
        task_class,
        sum(downloads) as downloads,
        coalesce(sum(downloads) filter (where origin = 'CN'), 0) as china,
        coalesce(sum(downloads) filter (where origin = 'US'), 0) as united_states
    from robustness_days
    join last_days using (task_class, day)
    group by definition, task_class
),
shares as (
    select 'share of China' as headline, definition, task_class, china / nullif(downloads, 0) as value
    from recent
    union all
    select 'share of the United States', definition, task_class, united_states / nullif(downloads, 0)
    from recent
    union all
    select 'share of China less share of the United States', definition, task_class, (china - united_states) / nullif(downloads, 0)
    from recent
),
pair_draws as (
    select definition, task_class, a, is_ahead_throughout
    from crossover_draws
    join core_headline_definitions as definitions using (definition, lens)
    where metric = 'downloads' and layer = 'all' and replicate = 0 and a in ('CN', 'US') and b in ('CN', 'US')
),
last_changes as (
    select
        definition, task_class, a,
        max(crossed_on) as crossed_on,
        max_by(crossed_after, crossed_on) as crossed_after,
        max_by(holds, crossed_on) as holds
    from lead_changes
    join core_headline_definitions as definitions using (definition, lens)
    where metric = 'downloads' and layer = 'all' and a in ('CN', 'US') and b in ('CN', 'US')
    group by definition, task_class, a
)
select
    definitions.number,
    shares.headline,
    shares.task_class,
    shares.definition,
    round(shares.value, 9) as value,
    passes.crossed_on,
    draws.is_ahead_throughout,
    passes.crossed_after,
    passes.holds,
    losses.crossed_on as lost_on,
    losses.crossed_after as lost_after,
    losses.holds as is_lost,
    behind.is_ahead_throughout as is_behind_throughout
from shares
join core_headline_definitions as definitions using (definition)
left join pair_draws as draws
    on draws.definition = shares.definition and draws.task_class = shares.task_class and draws.a = 'CN'
    and shares.headline = 'share of China less share of the United States'
left join pair_draws as behind
    on behind.definition = draws.definition and behind.task_class = draws.task_class and behind.a = 'US'
left join last_changes as passes
    on passes.definition = draws.definition and passes.task_class = draws.task_class and passes.a = 'CN'
left join last_changes as losses
    on losses.definition = draws.definition and losses.task_class = draws.task_class and losses.a = 'US'
