-- Parameters of a repository by its own files and name: curated, else safetensors, else GGUF, else the name.
-- grain: hub_id
-- incremental: delete+insert core_updated_repositories
-- A total in the files that is too small for the name is refused: below a quarter of it, or, for quantized or packed files,
-- where the name says more than 1.7 times as much. Exempt are adapters, draft heads and encoders, which are smaller than
-- the model in their names, and totals that agree with a number of millions in the name.
with measured as (
    select
        models.hub_id,
        models.repo_id,
        coalesce(models.safetensors_total, models.gguf_total) as params_stated,
        case when models.safetensors_total is not null then 'safetensors' else 'gguf' end as stated_in,
        named.params_named,
        named.params_in_millions,
        case when models.quantization is not null or models.is_gguf or stems.has_precision then 1.7 else 4 end as largest_ratio,
        coalesce(models.library_name = 'peft', false) or regexp_matches(
            stems.stem,
            '-(lora|adapter|eagle[0-9]*|medusa|draft|drafter|speculator|dspark|dflash[0-9]*|assistant|encoder|vae|mmproj)-'
        ) as is_part
    from new_core_latest_models as models
    join core_name_stems as stems using (repo_name)
    left join core_named_sizes as named using (hub_id)
),
chosen as (
    select
        *,
        params_stated is null or (
            not is_part and params_stated > 0 and params_named > params_stated * largest_ratio
            and not coalesce(params_stated between params_in_millions / 4 and params_in_millions * 4, false)
        ) as is_from_name
    from measured
)
select
    chosen.hub_id,
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
from chosen
left join registry_parameters as curated using (repo_id)
