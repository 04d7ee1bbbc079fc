-- Layer of a repository (release, derivative, repackaged or other) and the reason.
-- grain: hub_id
-- Only used bases count; a repository that names only itself has none. A lab's model built on its own base is a release
-- only if all roots of the base are the lab's own.
with facts as (
    select
        models.hub_id,
        models.is_gguf,
        publishers.publisher_role = 'lab' as is_lab,
        publishers.publisher_role = 'repackager' as is_repackager,
        models.library_name in ('mlx', 'llama.cpp', 'exllamav2', 'onnx', 'openvino', 'ctranslate2') as is_converted,
        models.library_name,
        bases.hub_id is not null as has_base,
        coalesce(bases.is_quantized, false) as is_quantized,
        coalesce(bases.is_declared_quantized, false) as is_declared_quantized,
        case when bases.hub_id is null then stems.has_precision else bases.has_precision end as has_precision,
        case when bases.hub_id is null then nullif(stems.modification, '') else bases.extra_word end as extra_word,
        coalesce(bases.is_adapter_or_merge, false) as is_adapter_or_merge,
        coalesce(bases.is_own_base, false) as is_own_base,
        coalesce(bases.is_own_base, false) and roots.is_own_root as is_own_line,
        bases.parent_ref,
        bases.foreign_ref
    from core_latest_models as models
    join core_publishers as publishers using (hub_id)
    join core_root_summary as roots using (hub_id)
    left join core_base_summary as bases using (hub_id)
    left join core_name_stems as stems using (repo_name)
)
select
    hub_id,
    case
        when not is_lab and extra_word is not null and (is_gguf or is_converted or has_precision or is_declared_quantized)
            then 'derivative'
        when is_quantized or is_gguf then 'repackaged'
        when is_repackager and not is_adapter_or_merge then 'repackaged'
        when (has_precision or (has_base and is_converted)) and not is_adapter_or_merge then 'repackaged'
        when is_lab and (is_own_line or not has_base) then 'release'
        when has_base then 'derivative'
        else 'other'
    end as layer,
    case
        when not is_lab and extra_word is not null and (is_gguf or is_converted or has_precision or is_declared_quantized)
            then 'in the format of a copy, but its name says more than ' || case when coalesce(parent_ref not like 'architecture:%', false) then 'that of ' || parent_ref else 'a format' end
            || ': ' || extra_word
        when is_quantized then 'declared as a quantized copy'
        when is_gguf then 'its files are GGUF'
        when is_repackager and not is_adapter_or_merge then 'its publisher repackages models of others'
        when has_base and is_converted and not is_adapter_or_merge then 'its files are converted for ' || library_name
        when has_precision and not is_adapter_or_merge then 'its name says that it is a copy in another precision or format'
        else case
            when is_declared_quantized then 'declared as a quantized copy, but neither its name nor its files say so: '
            else ''
        end || case
            when is_lab and is_own_line then 'a lab''s own weights, built on its own ' || parent_ref
            when is_lab and not has_base then 'a lab''s own weights, no base declared'
            when is_lab and is_own_base then 'built on its own ' || parent_ref || ', which goes back to another maker'
            when foreign_ref like 'architecture:%'
                then 'no base declared, but its architecture is that of one family: ' || substr(foreign_ref, 14)
            when foreign_ref is not null then 'built on ' || foreign_ref || ' by someone else'
            when has_base then 'built on its own ' || parent_ref || ', and its publisher is not a registered lab'
            else 'no base declared, and its publisher is not a registered lab'
        end
    end as layer_because
from facts
