-- Downloads of a day that a definition of the headline takes from a country, and the country that gets them instead.
-- grain: definition, task_class, day, origin, other_origin
-- task_class is a class, or all for all models. The most downloaded model of each is that of the last 30-day counters;
-- nobody gets its downloads. Contested organisations count for the other country that the registry names.
with ranked as (
    select
        universes.universe as task_class,
        counts.hub_id,
        row_number() over (
            partition by universes.universe order by counts.downloads_30d desc, counts.hub_id
        ) as place
    from core_latest_counts as counts
    join core_task_classes as classes using (hub_id)
    join core_universes as universes on universes.task_class is not distinct from classes.task_class
    where counts.is_listed and counts.downloads_30d is not null
        and counts.hub_id not in (select hub_id from core_uncounted_repositories)
),
moved as (
    select
        'without the most downloaded model' as definition, ranked.task_class, ranked.hub_id,
        publishers.publisher_origin as origin, null as other_origin
    from ranked
    join core_publishers as publishers using (hub_id)
    where ranked.place = 1
    union all
    select
        'contested organisations counted the other way', universes.universe, publishers.hub_id,
        publishers.publisher_origin, organizations.other_origin
    from core_publishers as publishers
    join registry_organizations as organizations using (handle)
    join core_task_classes as classes on classes.hub_id = publishers.hub_id
    join core_universes as universes on universes.task_class is not distinct from classes.task_class
    where organizations.other_origin is not null
)
select
    moved.definition,
    moved.task_class,
    flows.day,
    moved.origin,
    moved.other_origin,
    sum(flows.downloads) as downloads
from model_flows as flows
join moved using (hub_id)
group by moved.definition, moved.task_class, flows.day, moved.origin, moved.other_origin
