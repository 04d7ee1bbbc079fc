-- A repository whose declared bases are resolved again: it was read, or their names may mean something else.
-- grain: hub_id
-- Names may mean something else if a repository took or left one, is new, or started or stopped being listed.
with renamed as (
    select
        now.repo_id,
        before.repo_id as former_name
    from new_core_latest_models as now
    left join earlier_core_latest_models as before using (hub_id)
    where before.repo_id is distinct from now.repo_id
),
names as (
    select lower(repo_id) as folded from renamed
    union
    select lower(former_name) from renamed
),
reappeared as (
    select now.hub_id
    from core_first_last_seen as now
    left join earlier_core_first_last_seen as before using (hub_id)
    where before.is_listed is distinct from now.is_listed
    union
    select now.hub_id
    from new_core_latest_models as now
    left join earlier_core_latest_models as before using (hub_id)
    where before.hub_id is null
)
select hub_id from core_updated_repositories
union
select edges.child_id
from earlier_core_distinct_edges as edges
join names on names.folded = lower(edges.parent_ref)
union
select edges.hub_id
from stg_edges as edges
join reappeared on reappeared.hub_id = edges.parent_hub_id
join core_latest_models as models on models.hub_id = edges.hub_id
