-- A declared base with the repository it means: by id, else by its name.
-- grain: child_id, parent_ref
-- A name can have belonged to several repositories. It means the one that held it when the declaring repository was
-- created, where that is known, else the newest.
with resolved as (
    select
        edges.*,
        coalesce(by_id.hub_id, holders.hub_id, named.hub_id) as parent_id,
        case
            when by_id.hub_id is not null then 'id'
            when holders.hub_id is not null then holders.found_by
            else coalesce(named.found_by, 'unresolved')
        end as found_by
    from core_declared_edges as edges
    left join core_latest_models as by_id on by_id.hub_id = edges.parent_hub_id
    left join core_former_holders as holders
        on holders.child_id = edges.hub_id and holders.parent_ref = edges.parent_ref
    left join core_named_bases as named on named.parent_ref = edges.parent_ref
)
select
    hub_id as child_id,
    parent_id,
    parent_ref,
    parent_author,
    relation,
    declared_in,
    position,
    case when declared_in = 'registry' and parent_id is not null then 'curated' else found_by end as resolved_by,
    is_corrected,
    coalesce(parent_id = hub_id, false) or parent_ref = repo_id as is_itself
from resolved
