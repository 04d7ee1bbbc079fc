-- Roots of a repository that share origin, lab, family and generation, with their total weight.
-- grain: hub_id, origin, lab, family, generation, is_held
-- incremental: delete+insert core_repositories_to_rebuild
-- Weights are decimals, so that sums do not depend on the order of their terms. is_held: the lake has the root as a
-- repository; otherwise it is known by name only.
select
    roots.hub_id,
    roots.root_origin as origin,
    coalesce(publishers.publisher_lab, named.lab) as lab,
    roots.root_family as family,
    roots.root_generation as generation,
    roots.root_id is not null as is_held,
    sum(roots.weight)::decimal(16, 15) as weight
from new_core_root_attributes as roots
left join core_publishers as publishers on publishers.hub_id = roots.root_id
left join core_unresolved_bases as named on roots.root_id is null and named.parent_ref = roots.root_ref
group by
    roots.hub_id, roots.root_origin, coalesce(publishers.publisher_lab, named.lab), roots.root_family,
    roots.root_generation, roots.root_id is not null
