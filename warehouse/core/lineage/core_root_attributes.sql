-- A root of a repository, with the lab, family, generation and origin of the root.
-- grain: hub_id, root_id, root_ref
-- incremental: delete+insert core_repositories_to_rebuild; hub_id varchar, root_id varchar, root_ref varchar, root_lab varchar, root_family varchar, root_origin varchar, root_generation varchar, depth integer, weight double
-- A root held by a repackager counts for the maker of the model, never for the repackager.
select
    lineage.hub_id,
    lineage.root_id,
    lineage.root_ref,
    case when copied.root_ref is not null then copied.lab else coalesce(publishers.publisher_lab, named.lab) end as root_lab,
    case when copied.root_ref is not null then copied.family else coalesce(families.family, named.family, names.family) end as root_family,
    case
        when copied.root_ref is not null then copied.origin else coalesce(publishers.publisher_origin, named.origin)
    end as root_origin,
    case when copied.root_ref is null then coalesce(families.generation, names.generation) end as root_generation,
    lineage.depth,
    lineage.weight
from core_lineage as lineage
left join core_publishers as publishers on publishers.hub_id = lineage.root_id
left join core_families as families on families.hub_id = lineage.root_id
left join core_unresolved_bases as named on lineage.root_id is null and named.parent_ref = lineage.root_ref
left join core_family_names as names on names.lab = named.lab and names.repo_name = named.repo_name
left join core_repackaged_roots as copied
    on copied.root_ref = lineage.root_ref and copied.root_id is not distinct from lineage.root_id
