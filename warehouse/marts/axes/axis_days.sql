-- What another ruler says about one of its entries on one day, and whom the entry counts for.
-- grain: axis, entity, metric, day
-- Entries without lab and with weights `unknown` are not in the registry: they are counted here and have no share.
with listed as (
    select lower(repo_id) as name, min(hub_id) as hub_id
    from models
    where is_listed and lower(repo_id) in (select lower(repo_id) from lake_axis_days where repo_id is not null)
    group by lower(repo_id)
)
select
    read.axis,
    read.entity_kind,
    read.entity,
    coalesce(read.hub_id, listed.hub_id) as hub_id,
    read.day,
    read.metric,
    read.value,
    read.is_cumulative,
    read.precision,
    entities.weights,
    entities.origin,
    entities.lab,
    case when entities.weights = 'open' then entities.family end as family,
    entities.repo_id,
    entities.mapped_by,
    read.read_at,
    read.source_revision
from stg_axis_values as read
join stg_axis_entities as entities using (axis, entity, day)
left join listed on listed.name = lower(entities.repo_id)
