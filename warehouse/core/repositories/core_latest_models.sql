-- A repository with the attributes of its last reading.
-- grain: hub_id
-- incremental: delete+insert core_updated_repositories; hub_id varchar, attributes_day date, repo_id varchar, author varchar, repo_name varchar, created_at timestamp, last_modified timestamp, gated varchar, is_disabled boolean, pipeline_tag varchar, library_name varchar, license varchar, safetensors_total bigint, gguf_total bigint, is_gguf boolean, quantization varchar
-- is_gguf: it holds GGUF files and no other weights. Tags name the formats of its files, but authors add tags too, so a
-- name that says GGUF outweighs them. quantization: packed (its weights were quantized afterwards) or precision (they are
-- stored in few bits, as some releases are).
-- Rows of repositories that only a changed registry concerns stay as they are, and count as new.
with ranked as (
    select
        *,
        row_number() over (partition by hub_id order by day desc) as recency
    from stg_new_models
),
formats as (
    select
        *,
        coalesce(gguf_total is not null or library_name = 'gguf' or list_contains(tags, 'gguf'), false) as has_gguf,
        regexp_matches(lower(repo_name), '(^|[-_. ])ggufs?($|[-_. ])') as is_named_gguf,
        coalesce(
            list_contains(tags, 'safetensors')
            or (safetensors_total is not null and gguf_total is not null)
            or coalesce(library_name not in ('gguf', 'llama.cpp'), true) and (
                list_contains(tags, 'pytorch') or list_contains(tags, 'tf') or list_contains(tags, 'jax')
                or list_contains(tags, 'onnx') or list_contains(tags, 'openvino') or list_contains(tags, 'nemo')
                or list_contains(tags, 'mlx') or list_contains(tags, 'coreml') or list_contains(tags, 'tflite')
            ),
            false
        ) as has_other_weights
    from ranked
    where recency = 1
)
select
    hub_id,
    day as attributes_day,
    repo_id,
    author,
    repo_name,
    created_at,
    last_modified,
    gated, is_disabled, pipeline_tag, library_name, license,
    safetensors_total, gguf_total,
    has_gguf and (is_named_gguf or not has_other_weights) as is_gguf,
    case
        when
            list_contains(tags, 'gptq') or list_contains(tags, 'awq') or list_contains(tags, 'bitsandbytes')
            or list_contains(tags, '4-bit') or list_contains(tags, '2-bit') or list_contains(tags, '3-bit')
            then 'packed'
        when
            list_contains(tags, '8-bit') or list_contains(tags, 'fp8') or list_contains(tags, 'nvfp4')
            or list_contains(tags, 'mxfp4') or list_contains(tags, 'modelopt') or list_contains(tags, 'compressed-tensors')
            then 'precision'
    end as quantization
from formats
union all
select earlier.*
from earlier_core_latest_models as earlier
join core_repositories_of_changed_entries using (hub_id)
where hub_id not in (select hub_id from stg_new_models)
