-- A base that a repackager declares though the name of its copy says another family.
-- grain: child_id, parent_ref
-- Repackagers often declare a part of the model, such as its text encoder. family is the only one that matches the name.
-- The base counts if it, or a model that it is built on, is of this family.
with recursive links as (
    select
        edges.child_id,
        edges.parent_ref,
        edges.declared_in,
        coalesce(edges.parent_id, outside.base_id) as base_id,
        coalesce(outside.base_ref, edges.parent_ref) as base_ref
    from core_distinct_edges as edges
    left join core_outside_bases as outside on edges.parent_id is null and outside.folded_ref = lower(edges.parent_ref)
    where not edges.is_corrected and not edges.is_itself
),
lines as (
    select links.child_id, links.parent_ref, copies.family, links.base_id, links.base_ref
    from core_copy_families as copies
    join links on links.child_id = copies.hub_id and links.declared_in != 'registry'
    union
    select lines.child_id, lines.parent_ref, lines.family, links.base_id, links.base_ref
    from lines
    join links on links.child_id = lines.base_id
),
nodes as (
    select distinct
        lines.base_id,
        lines.base_ref,
        coalesce(models.repo_name, split_part(lines.base_ref, '/', 2)) as repo_name,
        coalesce(publishers.publisher_lab, organizations.lab) as lab
    from lines
    left join core_latest_models as models on models.hub_id = lines.base_id
    left join core_publishers as publishers on publishers.hub_id = lines.base_id
    left join registry_organizations as organizations
        on lines.base_id is null and lower(organizations.handle) = lower(split_part(lines.base_ref, '/', 1))
),
families as (
    select nodes.base_id, nodes.base_ref, patterns.family
    from nodes
    join registry_family_patterns as patterns
        on patterns.lab = nodes.lab and regexp_matches(nodes.repo_name, patterns.pattern)
    union
    select nodes.base_id, nodes.base_ref, architectures.family
    from nodes
    join registry_architectures as architectures on 'architecture:' || architectures.architecture = nodes.base_ref
)
select
    lines.child_id,
    lines.parent_ref,
    min(lines.family) as family
from lines
left join families
    on families.base_ref = lines.base_ref and families.base_id is not distinct from lines.base_id
    and families.family = lines.family
group by lines.child_id, lines.parent_ref
having count(families.family) = 0
