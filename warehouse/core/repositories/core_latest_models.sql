-- A repository with the attributes of its last reading.
-- grain: hub_id
-- incremental: delete+insert core_updated_repositories; hub_id varchar, attributes_day date, repo_id varchar, author varchar, repo_name varchar, created_at timestamp, last_modified timestamp, gated varchar, is_disabled boolean, pipeline_tag varchar, library_name varchar, license varchar, safetensors_total bigint, gguf_total bigint, is_gguf boolean
with ranked as (
    select
        *,
        row_number() over (partition by hub_id order by day desc) as recency
    from stg_new_models
)
select
    hub_id,
    day as attributes_day,
    repo_id,
    author,
    repo_name,
    created_at,
    last_modified,
    gated,
    is_disabled,
    pipeline_tag,
    library_name,
    license,
    safetensors_total,
    gguf_total,
    coalesce(gguf_total is not null or library_name = 'gguf' or list_contains(tags, 'gguf'), false) as is_gguf
from ranked
where recency = 1
