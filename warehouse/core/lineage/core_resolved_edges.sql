-- A declared base with the repository it means: by id, name, former name, or the only name that differs in case.
-- grain: child_id, parent_ref
-- A name can have belonged to several repositories. It means the one that held it when the declaring repository was
-- created, where that is known, else the newest.
-- Repositories that only an archive knows cannot be linked to.
with names as (
    select
        repo_id,
        max(hub_id) as hub_id
    from core_latest_models
    join (select distinct lower(parent_ref) as folded from core_declared_edges) as refs on refs.folded = lower(repo_id)
    where hub_id not like 'name:%'
    group by repo_id
),
folded_names as (
    select
        lower(repo_id) as folded,
        max(hub_id) as hub_id
    from names
    group by lower(repo_id)
    having count(*) = 1
),
resolved as (
    select
        edges.*,
        coalesce(by_id.hub_id, holders.hub_id, by_name.hub_id, by_rename.hub_id, by_case.hub_id) as parent_id,
        case
            when by_id.hub_id is not null then 'id'
            when holders.hub_id is not null then holders.found_by
            when by_name.hub_id is not null then 'name'
            when by_rename.hub_id is not null then 'rename'
            when by_case.hub_id is not null then 'case'
            else 'unresolved'
        end as found_by
    from core_declared_edges as edges
    left join core_latest_models as by_id on by_id.hub_id = edges.parent_hub_id
    left join core_former_holders as holders
        on holders.child_id = edges.hub_id and holders.parent_ref = edges.parent_ref
    left join names as by_name on by_name.repo_id = edges.parent_ref
    left join core_renames as by_rename on by_rename.former_name = edges.parent_ref
    left join folded_names as by_case on by_case.folded = lower(edges.parent_ref)
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
    coalesce(parent_id = hub_id, false) or parent_ref = repo_id as is_itself
from resolved
