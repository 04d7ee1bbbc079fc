-- Open weights of a family, lab and country on a ruler and a day, and their share of all registered labs' open weights.
-- grain: axis, day, origin, lab, family
-- The rulers count different things and are never added up. Downloads of the Hub are one of them, on the days from the
-- first of the others on: language models by publisher. coverage is the part of the day's total that counts for a known
-- lab or is known to have no open weights; the rest is undisclosed, unregistered or not listed one by one.
with bounds as (
    select min(day) as first_day from stg_axis_counts
),
entries as (
    select
        counts.axis, counts.day, days.origin, days.lab, days.family, counts.value,
        days.weights = 'open' and days.lab is not null as is_counted,
        days.weights = 'closed' or (days.weights = 'open' and days.lab is not null) as is_known
    from stg_axis_counts as counts
    join axis_days as days
        on days.axis = counts.axis and days.entity = counts.entity and days.metric = counts.metric
        and days.day = counts.read_day
    where days.entity_kind != 'other model'
    union all
    select
        'huggingface' as axis, adoption.day, adoption.origin, adoption.lab, adoption.family, adoption.downloads as value,
        adoption.lab is not null as is_counted, adoption.lab is not null as is_known
    from adoption_days as adoption
    join bounds on adoption.day >= bounds.first_day
    where adoption.lens = 'publisher' and adoption.task_class = 'language' and adoption.downloads is not null
),
totals as (
    select
        axis,
        day,
        sum(case when is_counted then value else 0 end) as counted,
        sum(case when is_known then value else 0 end) / nullif(sum(value), 0) as coverage
    from entries
    group by axis, day
)
select
    entries.day,
    entries.axis,
    entries.origin,
    entries.lab,
    entries.family,
    sum(entries.value) as value,
    sum(entries.value) / nullif(max(totals.counted), 0) as share,
    max(totals.coverage) as coverage
from entries
join totals using (axis, day)
where entries.is_counted
group by entries.day, entries.axis, entries.origin, entries.lab, entries.family
