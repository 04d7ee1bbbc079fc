-- Downloads of one country minus those of another on a day, over one block of their repositories.
-- grain: metric, task_class, lens, layer, a, b, block, day
-- Only days of crossover_observations, and only for pairs in which each country leads on some days: the others need no
-- resampling. All-time downloads are those of crossover_series: counters of the first day plus downloads since.
with close_pairs as (
    select metric, task_class, lens, layer, a, b
    from crossover_gaps
    where definition = 'baseline'
    group by metric, task_class, lens, layer, a, b
    having min(compared_gap) <= 0 and max(compared_gap) >= 0
),
placed as (
    select
        close_pairs.metric,
        close_pairs.task_class,
        close_pairs.lens,
        close_pairs.layer,
        close_pairs.a,
        close_pairs.b,
        members.hub_id,
        substr(md5(members.hub_id), 1, 2) as block,
        sum(case when shares.origin = close_pairs.a then shares.weight else -shares.weight end) as weight
    from core_group_shares as shares
    join close_pairs
        on close_pairs.lens = shares.lens and shares.origin in (close_pairs.a, close_pairs.b)
        and close_pairs.layer in ('all', shares.counted_layer)
    join core_universes as universes
        on universes.universe = close_pairs.task_class and universes.task_class is not distinct from shares.task_class
    join core_group_members as members on members.group_id = shares.group_id
    group by
        close_pairs.metric, close_pairs.task_class, close_pairs.lens, close_pairs.layer, close_pairs.a, close_pairs.b,
        members.hub_id
),
observed as (
    select metric, task_class, day, min(day) over (partition by metric, task_class) as first_day
    from crossover_observations
),
first_days as (
    select distinct metric, task_class, first_day
    from observed
    where metric = 'downloads_all_time'
),
changes as (
    select
        metric, task_class, lens, layer, a, b, placed.block, flows.day,
        sum((flows.downloads * placed.weight)::decimal(28, 9)) as change
    from model_flows as flows
    join placed on placed.hub_id = flows.hub_id
    left join first_days using (metric, task_class)
    where first_days.first_day is null or flows.day > first_days.first_day
    group by metric, task_class, lens, layer, a, b, placed.block, flows.day
    union all
    select
        metric, task_class, lens, layer, a, b, placed.block, days.day,
        sum((days.downloads_all_time * placed.weight)::decimal(28, 9)) as change
    from stg_model_days as days
    join core_usable_crawls as crawls using (day, scope)
    join placed on placed.hub_id = days.hub_id and placed.metric = 'downloads_all_time'
    join first_days using (metric, task_class)
    where days.downloads_all_time is not null and days.day = first_days.first_day
    group by metric, task_class, lens, layer, a, b, placed.block, days.day
    union all
    select metric, task_class, lens, layer, a, b, groups.block, observed.day, 0
    from (select distinct metric, task_class, lens, layer, a, b, block from placed) as groups
    join observed using (metric, task_class)
    where metric = 'downloads_all_time'
),
chained as (
    select
        metric, task_class, lens, layer, a, b, block, day,
        sum(change) as change,
        sum(sum(change)) over (partition by metric, task_class, lens, layer, a, b, block order by day) as total
    from changes
    group by metric, task_class, lens, layer, a, b, block, day
)
select
    metric, task_class, lens, layer, a, b, block, day,
    case when metric = 'downloads' then change else total end::double as gap
from chained
join observed using (metric, task_class, day)
