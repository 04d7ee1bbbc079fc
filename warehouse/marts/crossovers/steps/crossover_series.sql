-- Downloads of a large country on a day, daily and all-time, by definition and layer: the input of crossovers.
-- grain: definition, metric, task_class, lens, layer, origin, day
-- Large countries: China, the United States and, in each task class and under each lens, the four with the most downloads
-- in the last 30 days. A lab's own quantized or converted copies count in the layer release.
-- Definitions other than the baseline have only China and the United States.
with universe_days as (
    select
        universes.universe as task_class, days.lens, days.origin, days.day,
        case when days.is_by_maker and days.layer = 'repackaged' then 'release' else days.layer end as layer,
        days.downloads, days.downloads_all_time
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
)
select 'baseline' as definition, 'downloads' as metric, task_class, lens, layer, origin, day,
    sum(downloads::decimal(28, 9))::double as value
from layered
where downloads is not null
group by task_class, lens, layer, origin, day
union all
select
    'baseline', 'downloads_all_time', task_class, lens, layer, origin, day,
    sum(downloads_all_time::decimal(28, 9))::double
from layered
where downloads_all_time is not null
group by task_class, lens, layer, origin, day
union all
select days.definition, 'downloads', days.task_class, definitions.lens, 'all', days.origin, days.day, days.downloads
from robustness_days as days
join core_headline_definitions as definitions using (definition)
where days.definition != 'baseline' and days.origin in ('CN', 'US')
