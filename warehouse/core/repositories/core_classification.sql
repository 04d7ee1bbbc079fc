-- How a repository is classified: release date, size, publisher, layer, task class, family, agreed root.
-- grain: hub_id
-- incremental: delete+insert core_repositories_to_rebuild
-- A lab creates repositories before it releases them: one of a dated generation that was created up to 45 days before has
-- the date of the generation. counted_layer is the layer of headlines, pages and crossovers: there a lab's own copies of its
-- models are originals. Other tables take it from here.
select
    models.hub_id,
    case
        when releases.released_on is not null then releases.released_on
        when models.created_at::date between generations.released_on - interval 45 day and generations.released_on
            then generations.released_on
        else models.created_at::date
    end as released_on,
    sizes.params_total,
    sizes.params_active,
    sizes.params_source,
    sizes.size_bucket,
    publishers.publisher_lab,
    publishers.publisher_origin,
    publishers.publisher_role,
    layers.layer,
    case when layers.layer = 'repackaged' and roots.is_own_root then 'release' else layers.layer end as counted_layer,
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
left join registry_generations as generations
    on generations.lab = publishers.publisher_lab and generations.family = families.family
    and generations.generation = families.generation
left join registry_releases as releases using (repo_id)
