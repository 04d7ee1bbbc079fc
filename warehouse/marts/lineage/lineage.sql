-- A root of a repository, with its weight: what the repository is built from, at the end of all used links.
-- grain: hub_id, root_id, root_ref
-- incremental: delete+insert core_repositories_to_rebuild
-- A repository without a used base is its own root. The weights of a repository sum to 1.
select
    hub_id,
    root_id,
    root_ref,
    root_lab,
    root_family,
    root_origin,
    depth,
    weight
from new_core_root_attributes
