-- The group of a repository. All repositories of a group are counted alike under both lenses.
-- grain: hub_id
-- incremental: delete+insert core_repositories_to_rebuild
-- A million repositories form a few thousand groups. Counters are added up once by group and day, and only these sums
-- are spread over lenses and weights. group_id is the MD5 of the common properties, so it is stable.
with signatures as (
    select
        hub_id,
        string_agg(
            coalesce(origin, '') || '|' || coalesce(lab, '') || '|' || coalesce(family, '')
            || '|' || coalesce(generation, '') || '|' || is_held::varchar || '|' || weight::varchar,
            ';'
            order by origin, lab, family, generation, is_held
        ) as roots
    from new_core_group_roots
    group by hub_id
),
keys as (
    select
        models.hub_id,
        classification.publisher_origin,
        classification.publisher_lab,
        classification.family,
        classification.generation,
        classification.layer,
        classification.counted_layer,
        classification.is_by_maker,
        classification.task_class,
        classification.size_bucket,
        models.is_gguf,
        tasks.modality,
        signatures.roots
    from core_latest_models as models
    join new_core_classification as classification using (hub_id)
    join signatures using (hub_id)
    left join registry_tasks as tasks using (pipeline_tag)
)
select
    *,
    md5(
        publisher_origin || '|' || coalesce(publisher_lab, '') || '|' || coalesce(family, '') || '|'
        || coalesce(generation, '') || '|' || layer || '|' || coalesce(size_bucket, '') || '|' || is_gguf::varchar || '|'
        || coalesce(modality, '') || '|' || is_by_maker::varchar || '|' || coalesce(task_class, '') || '|' || roots
    ) as group_id
from keys
