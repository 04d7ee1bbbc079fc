-- A repository with the attributes it had when last read.
-- grain: hub_id
with ranked as (
    select
        *,
        row_number() over (partition by hub_id order by day desc) as recency
    from stg_models
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
