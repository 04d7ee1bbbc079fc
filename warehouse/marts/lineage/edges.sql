-- A base model of a repository, declared or curated, with the repository it means and whether it counts.
-- grain: child_id, parent_ref
-- incremental: delete+insert core_repositories_to_rebuild
select
    child_id,
    parent_id,
    parent_ref,
    relation,
    declared_in,
    resolved_by,
    is_used,
    not_used_because
from core_edges
