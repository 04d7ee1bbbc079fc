-- Coverage of a day that is narrower than the widest listing, or cut: its share of the downloads of the nearest wide listing.
-- grain: day, task_class
-- task_class is a class, or all for all models. The share is that of the repositories read on the day, by the 30-day
-- downloads of the nearest day with the widest scope. For a wider day that is cut to registered accounts it is theirs.
with widest as (
    select day
    from core_scope_days
    where width_read = (select max(width_read) from core_scope_days)
),
nearest as (
    select
        narrow.day,
        min_by(
            widest.day,
            2 * abs(date_diff('day', narrow.day, widest.day)) + case when widest.day > narrow.day then 1 else 0 end
        ) as reference_day
    from core_scope_days as narrow
    cross join widest
    where narrow.is_cut or narrow.day not in (select day from widest)
    group by narrow.day
),
reference as (
    select days.day, days.hub_id, classes.task_class, days.downloads_30d
    from stg_model_days as days
    join core_usable_crawls as crawls using (day, scope)
    join core_task_classes as classes using (hub_id)
    where days.day in (select reference_day from nearest) and days.downloads_30d is not null
),
totals as (
    select day, task_class, sum(downloads_30d) as downloads_30d
    from reference
    group by day, task_class
),
covered as (
    select nearest.day, reference.task_class, sum(reference.downloads_30d) as downloads_30d
    from nearest
    join stg_model_days as days on days.day = nearest.day
    join core_usable_crawls as crawls on crawls.day = days.day and crawls.scope = days.scope
    join reference on reference.day = nearest.reference_day and reference.hub_id = days.hub_id
    where reference.hub_id not in (select hub_id from core_uncounted_repositories)
    group by nearest.day, reference.task_class
)
select
    nearest.day,
    universes.universe as task_class,
    coalesce(sum(covered.downloads_30d), 0)::double / nullif(sum(totals.downloads_30d), 0)::double as coverage
from nearest
join totals on totals.day = nearest.reference_day
join core_universes as universes on universes.task_class is not distinct from totals.task_class
left join covered on covered.day = nearest.day and covered.task_class is not distinct from totals.task_class
group by nearest.day, universes.universe
