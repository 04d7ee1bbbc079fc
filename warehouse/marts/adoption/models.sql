-- A repository: its latest attributes, when it was seen, and how it is classified.
-- grain: hub_id
select
    models.hub_id,
    models.repo_id,
    models.author,
    models.created_at,
    classification.released_on,
    models.last_modified,
    seen.first_seen,
    seen.last_seen,
    seen.is_listed,
    models.gated,
    models.is_disabled,
    models.pipeline_tag,
    models.library_name,
    models.license,
    classification.params_total,
    classification.params_active,
    classification.params_source,
    classification.size_bucket,
    models.is_gguf,
    classification.publisher_lab,
    classification.publisher_origin,
    classification.publisher_role,
    classification.layer,
    classification.counted_layer,
    classification.is_by_maker,
    classification.task_class,
    classification.family,
    classification.generation,
    classification.root_origin,
    classification.root_family,
    classification.is_mixed_origin
from core_latest_models as models
join core_first_last_seen as seen using (hub_id)
join core_classification as classification using (hub_id)
