-- Downloads of a large country on a day, daily and all-time, by definition and layer: the input of crossovers.
-- grain: definition, metric, lens, layer, origin, day
-- Large countries: China, the United States and, under each lens, the four with the most downloads in the last 30 days.
-- Definitions other than the baseline have only China and the United States.
with recent as (
    select
        lens,
        origin,
        row_number() over (partition by lens order by sum(downloads) desc nulls last, origin) as place
    from adoption_days
    where origin not in ('unaffiliated', 'ZZ')
        and day > (select coalesce(max(case when downloads is not null then day end), max(day)) from adoption_days) - 30
    group by lens, origin
),
large as (
    select lens, layer, origin, day, downloads, downloads_all_time
    from adoption_days
    join recent using (lens, origin)
    where place <= 4 or origin in ('CN', 'US')
),
layered as (
    select lens, layer, origin, day, downloads, downloads_all_time
    from large
    union all
    select lens, 'all' as layer, origin, day, downloads, downloads_all_time
    from large
)
select 'baseline' as definition, 'downloads' as metric, lens, layer, origin, day,
    sum(downloads::decimal(28, 9))::double as value
from layered
where downloads is not null
group by lens, layer, origin, day
union all
select 'baseline', 'downloads_all_time', lens, layer, origin, day, sum(downloads_all_time::decimal(28, 9))::double
from layered
where downloads_all_time is not null
group by lens, layer, origin, day
union all
select days.definition, 'downloads', definitions.lens, 'all', days.origin, days.day, days.downloads
from robustness_days as days
join core_headline_definitions as definitions using (definition)
where days.definition != 'baseline' and days.origin in ('CN', 'US')
