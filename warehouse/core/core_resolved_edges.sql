-- A declared base with the repository it means: by id, else by exact name, else by the only name that differs in case.
-- grain: child_id, parent_ref
-- A name can have belonged to several repositories, one deleted before the next was created: the newest is meant.
with names as (
    select
        repo_id,
        max(hub_id) as hub_id
    from core_latest_models
    group by repo_id
),
folded_names as (
    select
        lower(repo_id) as folded,
        max(hub_id) as hub_id
    from names
    group by lower(repo_id)
    having count(*) = 1
)
select
    edges.hub_id as child_id,
    coalesce(by_id.hub_id, by_name.hub_id, by_case.hub_id) as parent_id,
    edges.parent_ref,
    edges.relation,
    case
        when by_id.hub_id is not null then 'id'
        when by_name.hub_id is not null then 'name'
        when by_case.hub_id is not null then 'case'
        else 'unresolved'
    end as resolved_by,
    edges.repo_id as child_repo_id
from core_declared_edges as edges
left join core_latest_models as by_id on by_id.hub_id = edges.parent_hub_id
left join names as by_name on by_name.repo_id = edges.parent_ref
left join folded_names as by_case on by_case.folded = lower(edges.parent_ref)
