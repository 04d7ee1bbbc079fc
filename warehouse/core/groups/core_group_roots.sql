-- Roots of a repository that share origin, lab, family and generation, with their total weight.
-- grain: hub_id, origin, lab, family, generation, is_held
-- incremental: delete+insert core_repositories_to_rebuild
-- Weights are decimals, so that sums do not depend on the order of their terms. is_held: the lake has the root as a
-- repository; otherwise it is known by name only.
select
    hub_id,
    root_origin as origin,
    root_lab as lab,
    root_family as family,
    root_generation as generation,
    root_id is not null as is_held,
    sum(weight)::decimal(16, 15) as weight
from new_core_root_attributes
group by hub_id, root_origin, root_lab, root_family, root_generation, root_id is not null
