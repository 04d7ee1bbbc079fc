-- A declared base, and whether it is the repository itself or repeats another declared base.
-- grain: child_id, parent_ref
-- incremental: delete+insert core_repositories_with_new_links; child_id varchar, parent_id varchar, parent_ref varchar, parent_author varchar, relation varchar, declared_in varchar, resolved_by varchar, is_corrected boolean, is_itself boolean, is_repeated boolean, is_vague boolean, is_tag_only boolean
-- Unresolved names that differ only in case mean the same. Adapters often name their base twice, by its name and by a
-- path on the disk of the person who trained them: an unresolved name without an owner is vague if another base is
-- resolved or has an owner. Merges are exempt, because their bases do differ.
with edges as (
    select * from core_resolved_edges
    union all
    select
        child_id,
        null::varchar as parent_id,
        parent_ref,
        null::varchar as parent_author,
        'unknown' as relation,
        'architecture' as declared_in,
        0 as position,
        'architecture' as resolved_by,
        false as is_corrected,
        false as is_itself
    from core_architecture_edges
)
select
    child_id,
    parent_id,
    parent_ref,
    parent_author,
    relation,
    declared_in,
    resolved_by,
    is_corrected,
    is_itself,
    row_number() over (
        partition by child_id, is_itself, is_corrected, coalesce(parent_id, lower(parent_ref))
        order by declared_in = 'tag', position, parent_ref
    ) > 1 as is_repeated,
    parent_id is null and parent_author is null and relation != 'merge' and coalesce(declared_in != 'architecture', true) and max(
        case when not is_itself and not is_corrected and (
            coalesce(parent_id, parent_author) is not null or declared_in = 'architecture'
        ) then 1 else 0 end
    ) over (partition by child_id) = 1 as is_vague,
    declared_in = 'tag' and max(
        case when declared_in = 'baseModels' and not is_corrected then 1 else 0 end
    ) over (partition by child_id) = 1 as is_tag_only
from edges
