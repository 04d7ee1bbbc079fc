-- A repository whose tags name the architecture of one family.
-- grain: hub_id
-- incremental: delete+insert core_updated_repositories
with read_models as (
    select hub_id, day, tags
    from stg_new_models
    union all
    select hub_id, day, tags
    from stg_models
    join core_repositories_of_changed_entries using (hub_id)
),
tags as (
    select
        models.hub_id,
        unnest(models.tags) as tag
    from read_models as models
    join new_core_latest_models as latest on latest.hub_id = models.hub_id and latest.attributes_day = models.day
)
select
    tags.hub_id,
    min(architectures.architecture) as architecture,
    min(architectures.family) as family
from tags
join registry_architectures as architectures on architectures.architecture = tags.tag
group by tags.hub_id
having count(distinct architectures.family) = 1
