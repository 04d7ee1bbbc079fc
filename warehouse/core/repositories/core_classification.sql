-- How a repository is classified: release date, size, publisher, layer, task class, family, agreed root.
-- grain: hub_id
-- incremental: delete+insert core_repositories_to_rebuild
select
    models.hub_id,
    coalesce(releases.released_on, models.created_at::date) as released_on,
    sizes.params_total,
    sizes.params_active,
    sizes.params_source,
    sizes.size_bucket,
    publishers.publisher_lab,
    publishers.publisher_origin,
    publishers.publisher_role,
    layers.layer,
    roots.is_own_root as is_by_maker,
    classes.task_class,
    families.family,
    families.generation,
    roots.root_origin,
    roots.root_family,
    roots.is_mixed_origin
from core_latest_models as models
join core_layers as layers using (hub_id)
join core_task_classes as classes using (hub_id)
join core_root_summary as roots using (hub_id)
join core_sizes as sizes using (hub_id)
join core_publishers as publishers using (hub_id)
left join core_families as families using (hub_id)
left join registry_releases as releases using (repo_id)
