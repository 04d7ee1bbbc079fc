-- Parameters of a repository by its own files and name: curated, else safetensors, else GGUF, else the name.
-- grain: hub_id
-- incremental: delete+insert core_updated_repositories
-- Names are read as '8B', '0.5b', '8x7B' (the product) or '350M' between separators. Sizes of zero, or of ten trillion
-- and more, are ignored.
with named as (
    select
        hub_id,
        repo_id,
        safetensors_total,
        gguf_total,
        regexp_extract(lower(repo_name), '(?:^|[-_. ])(\d+)x(\d+(?:\.\d+)?)b(?:$|[-_. ])', 1) as experts,
        regexp_extract(lower(repo_name), '(?:^|[-_. ])(\d+)x(\d+(?:\.\d+)?)b(?:$|[-_. ])', 2) as expert_billions,
        regexp_extract(lower(repo_name), '(?:^|[-_. ])(\d+(?:\.\d+)?)b(?:$|[-_. ])', 1) as billions,
        regexp_extract(lower(repo_name), '(?:^|[-_. ])(\d+(?:\.\d+)?)m(?:$|[-_. ])', 1) as millions
    from new_core_latest_models
),
from_names as (
    select
        hub_id,
        case
            when experts != '' then experts::double * expert_billions::double * 1e9
            when billions != '' then billions::double * 1e9
            when millions != '' then millions::double * 1e6
        end as params_named
    from named
    where length(experts) < 4 and length(expert_billions) < 8 and length(billions) < 8 and length(millions) < 8
)
select
    named.hub_id,
    coalesce(curated.params_total, named.safetensors_total, named.gguf_total, from_names.params_named::bigint) as params_total,
    curated.params_active,
    case
        when curated.params_total is not null then 'curated'
        when named.safetensors_total is not null then 'safetensors'
        when named.gguf_total is not null then 'gguf'
        when from_names.params_named is not null then 'name'
    end as params_source
from named
left join registry_parameters as curated using (repo_id)
left join from_names
    on from_names.hub_id = named.hub_id and from_names.params_named > 0 and from_names.params_named < 1e13
