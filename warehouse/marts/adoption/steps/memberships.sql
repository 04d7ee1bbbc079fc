-- Why a repository has its publisher, family, layer, task class and roots, as text.
-- grain: hub_id
-- incremental: delete+insert core_repositories_to_rebuild
select
    publishers.hub_id,
    publishers.publisher_because,
    families.family_because,
    layers.layer_because,
    classes.task_class_because,
    roots.root_because
from core_publishers as publishers
join core_layers as layers using (hub_id)
join core_task_classes as classes using (hub_id)
join core_root_summary as roots using (hub_id)
left join core_families as families using (hub_id)
