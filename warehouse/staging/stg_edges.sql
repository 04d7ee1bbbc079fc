-- A base model as a repository declared it, on a day on which its attributes were new or had changed.
-- grain: hub_id, day, parent_ref
-- If several crawls of a day describe a repository, only the one in stg_selected_scopes is used.
select
    hub_id,
    day,
    parent_hub_id,
    parent_ref,
    relation,
    declared_in,
    position
from lake_edges
left join stg_selected_scopes using (hub_id, day)
where selected_scope is null or scope = selected_scope
