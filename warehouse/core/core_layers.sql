-- The layer a repository is counted in: release, derivative, repackaged or other, and why.
-- grain: hub_id
-- A repository that names only itself as its base has no declared base here.
with bases as (
    select
        edges.hub_id,
        count(*) as bases,
        bool_or(edges.relation = 'quantized') as is_quantized,
        bool_or(edges.relation in ('adapter', 'merge')) as is_adapter_or_merge,
        bool_and(coalesce(parents.lab = publishers.publisher_lab, false)) as is_own_base,
        min(edges.parent_ref) as parent_ref
    from core_declared_edges as edges
    join core_publishers as publishers using (hub_id)
    left join registry_organizations as parents on parents.handle = edges.parent_author
    where edges.parent_ref != edges.repo_id
    group by edges.hub_id
),
facts as (
    select
        models.hub_id,
        models.is_gguf,
        publishers.publisher_role = 'lab' as is_lab,
        publishers.publisher_role = 'repackager' as is_repackager,
        models.library_name in ('mlx', 'llama.cpp', 'exllamav2', 'onnx', 'openvino', 'ctranslate2') as is_converted,
        models.library_name,
        bases.bases is not null as has_base,
        coalesce(bases.is_quantized, false) as is_quantized,
        coalesce(bases.is_adapter_or_merge, false) as is_adapter_or_merge,
        coalesce(bases.is_own_base, false) as is_own_base,
        bases.parent_ref
    from core_latest_models as models
    join core_publishers as publishers using (hub_id)
    left join bases using (hub_id)
)
select
    hub_id,
    case
        when is_quantized or is_gguf then 'repackaged'
        when is_repackager and not is_adapter_or_merge then 'repackaged'
        when has_base and is_converted and not is_adapter_or_merge then 'repackaged'
        when is_lab and (is_own_base or not has_base) then 'release'
        when has_base then 'derivative'
        else 'other'
    end as layer,
    case
        when is_quantized then 'declared as a quantized copy'
        when is_gguf then 'its files are GGUF'
        when is_repackager and not is_adapter_or_merge then 'its publisher repackages models of others'
        when has_base and is_converted and not is_adapter_or_merge then 'its files are converted for ' || library_name
        when is_lab and is_own_base then 'a lab''s own weights, built on its own ' || parent_ref
        when is_lab and not has_base then 'a lab''s own weights, no base declared'
        when has_base then 'built on ' || parent_ref || ' of somebody else'
        else 'no base declared, and its publisher is no registered lab'
    end as layer_because
from facts
