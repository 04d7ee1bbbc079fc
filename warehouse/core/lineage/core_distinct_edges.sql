-- A declared base, whether it is the repository itself, and whether it only says again what another one says.
-- grain: child_id, parent_ref
-- incremental: delete+insert core_repositories_with_new_links; child_id varchar, parent_id varchar, parent_ref varchar, parent_author varchar, relation varchar, declared_in varchar, resolved_by varchar, is_itself boolean, is_repeated boolean, is_vague boolean, is_tag_only boolean
-- Names that resolve to nothing mean the same if they differ in case alone. Adapters often name their base twice, by its
-- name and by a path on the disk of whoever trained them: beside a base that is known or has an owner, a name without an
-- owner that resolves to nothing is vague. Merges are left as they are, their bases do differ.
select
    child_id,
    parent_id,
    parent_ref,
    parent_author,
    relation,
    declared_in,
    resolved_by,
    is_itself,
    row_number() over (
        partition by child_id, is_itself, coalesce(parent_id, lower(parent_ref))
        order by declared_in = 'tag', position, parent_ref
    ) > 1 as is_repeated,
    parent_id is null and parent_author is null and relation != 'merge' and max(
        case when not is_itself and coalesce(parent_id, parent_author) is not null then 1 else 0 end
    ) over (partition by child_id) = 1 as is_vague,
    declared_in = 'tag' and max(
        case when declared_in = 'baseModels' then 1 else 0 end
    ) over (partition by child_id) = 1 as is_tag_only
from core_resolved_edges
