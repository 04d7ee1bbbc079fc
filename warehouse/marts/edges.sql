-- A base model that a repository declares, as declared, with the repository it means and whether it is used.
-- grain: child_id, parent_ref
select
    child_id,
    parent_id,
    parent_ref,
    relation,
    resolved_by,
    not (coalesce(parent_id = child_id, false) or parent_ref = child_repo_id) as is_used,
    case
        when coalesce(parent_id = child_id, false) or parent_ref = child_repo_id then 'names itself as its base'
    end as not_used_because
from core_resolved_edges
