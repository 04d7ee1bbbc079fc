-- Parameters of a repository by its own files and name: curated, else safetensors, else GGUF, else the name.
-- grain: hub_id
-- incremental: delete+insert core_updated_repositories
-- Names are read as '8B', '0.5b', '8x7B' (the product) or '350M' between separators. Sizes of zero, or of ten trillion
-- and more, are ignored.
-- A total in the files that is too small for the name is refused: below a quarter of it, or, for quantized or packed files,
-- where the name says more than 1.7 times as much. Exempt are adapters, draft heads and encoders, which are smaller than
-- the model in their names, and totals that agree with a number of millions in the name.
with named as (
    select
        hub_id,
        repo_id,
        safetensors_total,
        gguf_total,
        quantization is not null or is_gguf or stems.has_precision as is_packed,
        coalesce(library_name = 'peft', false) or regexp_matches(
            stems.stem, '-(lora|adapter|eagle[0-9]*|medusa|draft|drafter|speculator|dspark|dflash[0-9]*|assistant|encoder|vae|mmproj)-'
        ) as is_part,
        regexp_extract(lower(repo_name), '(?:^|[-_. ])(\d+)x(\d+(?:\.\d+)?)b(?:$|[-_. ])', 1) as experts,
        regexp_extract(lower(repo_name), '(?:^|[-_. ])(\d+)x(\d+(?:\.\d+)?)b(?:$|[-_. ])', 2) as expert_billions,
        regexp_extract(lower(repo_name), '(?:^|[-_. ])((?:0|[1-9]\d*)(?:\.\d+)?)b(?:$|[-_. ])', 1) as billions,
        regexp_extract(lower(repo_name), '(?:^|[-_. ])(\d+(?:\.\d+)?)m(?:$|[-_. ])', 1) as millions
    from new_core_latest_models
    join core_name_stems as stems using (repo_name)
),
from_names as (
    select
        hub_id,
        case
            when experts != '' then experts::double * expert_billions::double * 1e9
            when billions != '' then billions::double * 1e9
            when millions != '' then millions::double * 1e6
        end as params_named,
        case when millions != '' then millions::double * 1e6 end as params_in_millions
    from named
    where length(experts) < 4 and length(expert_billions) < 8 and length(billions) < 8 and length(millions) < 8
),
measured as (
    select
        named.hub_id,
        coalesce(named.safetensors_total, named.gguf_total) as params_stated,
        from_names.params_named::bigint as params_named,
        case when named.safetensors_total is not null then 'safetensors' else 'gguf' end as stated_in,
        case when named.is_packed then 1.7 else 4 end as largest_ratio,
        named.is_part
        or coalesce(
            coalesce(safetensors_total, gguf_total) between params_in_millions / 4 and params_in_millions * 4, false
        ) as is_part
    from named
    left join from_names
        on from_names.hub_id = named.hub_id and from_names.params_named > 0 and from_names.params_named < 1e13
),
chosen as (
    select
        hub_id,
        params_stated,
        params_named,
        stated_in,
        params_stated is null or (
            not is_part and params_stated > 0 and params_named > params_stated * largest_ratio
        ) as is_from_name
    from measured
)
select
    named.hub_id,
    case
        when curated.params_total is not null then curated.params_total
        when chosen.is_from_name then chosen.params_named
        else chosen.params_stated
    end as params_total,
    curated.params_active,
    case
        when curated.params_total is not null then 'curated'
        when chosen.is_from_name and chosen.params_named is not null then 'name'
        when chosen.params_stated is not null then chosen.stated_in
    end as params_source
from named
join chosen using (hub_id)
left join registry_parameters as curated using (repo_id)
