-- A repository ever seen: its latest attributes, when it was seen, and where it is counted.
-- grain: hub_id
select
    models.hub_id,
    models.repo_id,
    models.author,
    models.created_at,
    coalesce(releases.released_on, models.created_at::date) as released_on,
    models.last_modified,
    sightings.first_seen,
    sightings.last_seen,
    sightings.is_listed,
    models.gated,
    models.is_disabled,
    models.pipeline_tag,
    models.library_name,
    models.license,
    sizes.params_total,
    sizes.params_active,
    sizes.params_source,
    sizes.size_bucket,
    models.is_gguf,
    publishers.publisher_lab,
    publishers.publisher_origin,
    publishers.publisher_role,
    layers.layer,
    families.family,
    families.generation,
    roots.root_origin,
    roots.root_family,
    roots.is_mixed_origin
from core_latest_models as models
join core_sightings as sightings using (hub_id)
join core_publishers as publishers using (hub_id)
join core_layers as layers using (hub_id)
join core_roots as roots using (hub_id)
join core_sizes as sizes using (hub_id)
left join core_families as families using (hub_id)
left join registry_releases as releases using (repo_id)
