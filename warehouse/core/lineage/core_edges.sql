-- A declared base of a repository in core_repositories_to_rebuild, whether it counts, and if not, why.
-- grain: child_id, parent_ref
with classified as (
    select
        edges.*,
        case
            when edges.is_itself then 'names itself as its base'
            when edges.is_corrected then 'corrected by the registry'
            when edges.is_repeated then 'means the same base as another link'
            when edges.is_tag_only then 'is in the tags only, while the Hub links other bases'
            when edges.is_vague then 'has no owner and cannot be resolved, while another declared base can or has an owner'
            when outranked.child_id is not null then 'its publisher repackages models, and its name says family ' || outranked.family
            when cycles.child_id is not null then 'closes a cycle: this base is newer than the repository built on it'
        end as not_used_because
    from core_distinct_edges as edges
    join core_repositories_to_rebuild on core_repositories_to_rebuild.hub_id = edges.child_id
    left join core_outranked_edges as outranked using (child_id, parent_ref)
    left join core_cycle_edges as cycles using (child_id, parent_ref)
)
select
    child_id,
    parent_id,
    parent_ref,
    parent_author,
    relation,
    declared_in,
    resolved_by,
    not_used_because is null as is_used,
    not_used_because
from classified
