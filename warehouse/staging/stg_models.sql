-- Attributes of a repository, on a day on which they were new or had changed.
-- grain: hub_id, day
-- If several crawls of a day describe a repository, only the one in stg_selected_scopes is used.
select
    hub_id,
    day,
    repo_id,
    case when strpos(repo_id, '/') > 0 then split_part(repo_id, '/', 1) end as author,
    case when strpos(repo_id, '/') > 0 then split_part(repo_id, '/', 2) else repo_id end as repo_name,
    created_at,
    last_modified,
    gated,
    is_disabled,
    pipeline_tag,
    library_name,
    license,
    safetensors_total,
    gguf_total,
    tags
from lake_models
left join stg_selected_scopes using (hub_id, day)
where selected_scope is null or scope = selected_scope
