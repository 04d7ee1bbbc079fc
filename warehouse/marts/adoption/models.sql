-- A repository ever seen: its latest attributes, when it was seen, and where it is counted.
-- grain: hub_id
select
    models.hub_id,
    models.repo_id,
    models.author,
    models.created_at,
    standings.released_on,
    models.last_modified,
    sightings.first_seen,
    sightings.last_seen,
    sightings.is_listed,
    models.gated,
    models.is_disabled,
    models.pipeline_tag,
    models.library_name,
    models.license,
    standings.params_total,
    standings.params_active,
    standings.params_source,
    standings.size_bucket,
    models.is_gguf,
    standings.publisher_lab,
    standings.publisher_origin,
    standings.publisher_role,
    standings.layer,
    standings.family,
    standings.generation,
    standings.root_origin,
    standings.root_family,
    standings.is_mixed_origin
from core_latest_models as models
join core_first_last_seen as sightings using (hub_id)
join core_classification as standings using (hub_id)
