-- The repository that held a declared name when the declaring repository was created, if it has lost the name since.
-- grain: child_id, parent_ref
-- Of several, the first to lose it. A name that was taken over later means its former holder for older repositories.
with candidates as (
    select
        edges.hub_id as child_id,
        edges.parent_ref,
        names.hub_id,
        case when holders.repo_id = edges.parent_ref then 'name' else 'rename' end as found_by,
        row_number() over (partition by edges.hub_id, edges.parent_ref order by names.until, names.hub_id desc) as place
    from core_declared_edges as edges
    join core_latest_models as children on children.hub_id = edges.hub_id
    join core_former_names as names
        on names.former_name = edges.parent_ref
        and names.until > children.created_at::date and names.hub_id != edges.hub_id
    join core_latest_models as holders
        on holders.hub_id = names.hub_id and coalesce(holders.created_at <= children.created_at, true)
)
select
    child_id,
    parent_ref,
    hub_id,
    found_by
from candidates
where place = 1
