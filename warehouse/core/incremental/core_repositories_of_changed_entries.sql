-- A repository that changed entries of the registry concern, by its own name or by that of a base; none in a full refresh.
-- grain: hub_id
-- An entry concerns it if it named, matched or classified the repository, or does now. A few repositories too many are no
-- error: they are only built again. Those built on them follow in core_repositories_to_rebuild.
with accounts as (
    select
        case when kind = 'architectures' then 'architecture:' else '' end || lower(key) as account,
        null::varchar as pattern
    from registry_changes
    where kind in ('organizations', 'architectures')
    union
    select lower(organizations.handle) as account, changes.pattern
    from registry_changes as changes
    join registry_organizations as organizations on organizations.lab = changes.key
    where changes.kind in ('family_patterns', 'generations')
    union
    select lower(organizations.handle) as account, changes.pattern
    from registry_changes as changes
    join registry_organizations as organizations on organizations.role = 'repackager'
    where changes.kind = 'name_patterns'
),
names as (
    select hub_id, author as account, repo_name
    from earlier_core_latest_models
    union all
    select child_id as hub_id, split_part(parent_ref, '/', 1) as account, split_part(parent_ref, '/', 2) as repo_name
    from earlier_core_distinct_edges
    union all
    select
        edges.child_id as hub_id,
        split_part(outside.base_ref, '/', 1) as account,
        split_part(outside.base_ref, '/', 2) as repo_name
    from earlier_core_distinct_edges as edges
    join earlier_core_outside_bases as outside
        on edges.parent_id is null and outside.folded_ref = lower(edges.parent_ref)
),
tags as (
    select hub_id, unnest(tags) as tag
    from stg_models
)
select names.hub_id
from names
join accounts on accounts.account = lower(names.account)
where accounts.pattern is null or regexp_matches(names.repo_name, accounts.pattern)
union
select models.hub_id
from earlier_core_latest_models as models
join registry_changes as changes
    on changes.kind in ('releases', 'parameters', 'bases') and changes.key = models.repo_id
    or changes.kind = 'tasks' and changes.key = models.pipeline_tag
    or changes.kind = 'libraries' and changes.key = models.library_name
union
select roots.hub_id
from earlier_core_root_attributes as roots
join registry_changes as changes on changes.kind = 'labs' and changes.key = roots.root_lab
union
select tags.hub_id
from tags
join registry_changes as changes on changes.kind = 'architectures' and changes.key = tags.tag
