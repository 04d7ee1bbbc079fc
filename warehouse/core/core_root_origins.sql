-- A root of a repository, with the lab, the family and the origin of the root.
-- grain: hub_id, root_id, root_ref
select
    lineage.hub_id,
    lineage.root_id,
    lineage.root_ref,
    coalesce(publishers.publisher_lab, named.lab) as root_lab,
    coalesce(families.family, names.family) as root_family,
    coalesce(publishers.publisher_origin, named.origin) as root_origin,
    lineage.depth,
    lineage.weight
from core_lineage as lineage
left join core_publishers as publishers on publishers.hub_id = lineage.root_id
left join core_families as families on families.hub_id = lineage.root_id
left join core_named_roots as named on lineage.root_id is null and named.parent_ref = lineage.root_ref
left join core_family_names as names on names.lab = named.lab and names.repo_name = named.repo_name
