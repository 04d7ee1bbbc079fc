-- Downloads of a day that a definition of the headline takes from a country, and the country that gets them instead.
-- grain: definition, day, origin, other_origin
-- The most downloaded model is that of the last 30-day counters; nobody gets its downloads. Contested organisations count
-- for the other country that the registry names.
with most_downloaded as (
    select hub_id
    from core_latest_counts
    where is_listed and downloads_30d is not null
    order by downloads_30d desc, hub_id
    limit 1
),
moved as (
    select
        'without the most downloaded model' as definition, hub_id, publisher_origin as origin, null as other_origin
    from most_downloaded
    join core_publishers using (hub_id)
    union all
    select
        'contested organisations counted the other way', publishers.hub_id, publishers.publisher_origin,
        organizations.other_origin
    from core_publishers as publishers
    join registry_organizations as organizations using (handle)
    where organizations.other_origin is not null
)
select
    moved.definition,
    flows.day,
    moved.origin,
    moved.other_origin,
    sum(flows.downloads) as downloads
from model_flows as flows
join moved using (hub_id)
group by moved.definition, flows.day, moved.origin, moved.other_origin
