-- Downloads of a large country on a day, daily and all-time, by definition and layer: the input of crossovers.
-- grain: definition, metric, task_class, lens, layer, origin, day
-- Large countries: China, the United States and, in each task class and under each lens, the four with the most downloads
-- in the last 30 days. A lab's own quantized or converted copies count in the layer release.
-- Definitions other than the baseline have only China and the United States. Only days of the last segment of a class
-- (crossover_observations) are included. All-time downloads are the counters of its first day plus the downloads since,
-- so that no counter that restarts and no repository that leaves looks like a change of the lead.
with universe_days as (
    select
        universes.universe as task_class, days.lens, days.origin, days.day,
        days.counted_layer as layer, days.downloads, days.downloads_all_time
    from adoption_days as days
    join core_universes as universes on universes.task_class is not distinct from days.task_class
),
recent as (
    select
        task_class,
        lens,
        origin,
        row_number() over (partition by task_class, lens order by sum(downloads) desc nulls last, origin) as place
    from universe_days
    where origin not in ('unaffiliated', 'ZZ')
        and day > (select coalesce(max(case when downloads is not null then day end), max(day)) from adoption_days) - 30
    group by task_class, lens, origin
),
large as (
    select task_class, lens, layer, origin, day, downloads, downloads_all_time
    from universe_days
    join recent using (task_class, lens, origin)
    where place <= 4 or origin in ('CN', 'US')
),
layered as (
    select task_class, lens, layer, origin, day, downloads, downloads_all_time
    from large
    union all
    select task_class, lens, 'all' as layer, origin, day, downloads, downloads_all_time
    from large
),
observed as (
    select metric, task_class, day
    from crossover_observations
),
first_days as (
    select task_class, min(day) as first_day
    from observed
    where metric = 'downloads_all_time'
        and task_class in (select task_class from layered where downloads_all_time is not null)
    group by task_class
),
all_time_changes as (
    select layered.task_class, layered.lens, layered.layer, layered.origin, layered.day, downloads_all_time as change
    from layered
    join first_days on first_days.task_class = layered.task_class and first_days.first_day = layered.day
    where downloads_all_time is not null
    union all
    select layered.task_class, layered.lens, layered.layer, layered.origin, layered.day, downloads
    from layered
    join first_days on first_days.task_class = layered.task_class and first_days.first_day < layered.day
    where downloads is not null
    union all
    select groups.task_class, groups.lens, groups.layer, groups.origin, observed.day, 0
    from (select distinct task_class, lens, layer, origin from layered) as groups
    join first_days on first_days.task_class = groups.task_class
    join observed on observed.metric = 'downloads_all_time' and observed.task_class = groups.task_class
),
all_time as (
    select
        task_class, lens, layer, origin, day,
        sum(sum(change::decimal(28, 9))) over (partition by task_class, lens, layer, origin order by day)::double as value
    from all_time_changes
    group by task_class, lens, layer, origin, day
)
select 'baseline' as definition, 'downloads' as metric, task_class, lens, layer, origin, day,
    sum(downloads::decimal(28, 9))::double as value
from layered
join observed using (task_class, day)
where observed.metric = 'downloads' and downloads is not null
group by task_class, lens, layer, origin, day
union all
select
    'baseline', 'downloads_all_time', all_time.task_class, all_time.lens, all_time.layer, all_time.origin, all_time.day,
    all_time.value
from all_time
join observed using (task_class, day)
where observed.metric = 'downloads_all_time'
union all
select days.definition, 'downloads', days.task_class, definitions.lens, 'all', days.origin, days.day, days.downloads
from robustness_days as days
join core_headline_definitions as definitions using (definition)
join observed on observed.metric = 'downloads' and observed.task_class = days.task_class and observed.day = days.day
where days.definition != 'baseline' and days.origin in ('CN', 'US')
