-- A name of a base, and the repository that has it now or had it: by name, former name, or the only name that differs in case.
-- grain: parent_ref
-- Names that a repository declares or the registry uses. Repositories that only an archive knows cannot be linked to.
with refs as (
    select parent_ref from core_declared_edges
    union
    select parent_ref from registry_bases
),
names as (
    select
        repo_id,
        max(hub_id) as hub_id
    from core_latest_models
    join (select distinct lower(parent_ref) as folded from refs) as folded_refs on folded_refs.folded = lower(repo_id)
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
)
select
    refs.parent_ref,
    coalesce(by_name.hub_id, by_rename.hub_id, by_case.hub_id) as hub_id,
    case
        when by_name.hub_id is not null then 'name'
        when by_rename.hub_id is not null then 'rename'
        else 'case'
    end as found_by
from refs
left join names as by_name on by_name.repo_id = refs.parent_ref
left join core_renames as by_rename on by_rename.former_name = refs.parent_ref
left join folded_names as by_case on by_case.folded = lower(refs.parent_ref)
where coalesce(by_name.hub_id, by_rename.hub_id, by_case.hub_id) is not null
