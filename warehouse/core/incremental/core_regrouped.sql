-- A repository whose group or release date changed since the earlier build, or whose downloads are calculated again.
-- grain: hub_id
-- is_moved: the group or release date changed, so its earlier readings move too; those of others stay where they are.
-- In a full refresh there are no earlier groups, so the earlier readings to correct are empty.
with candidates as (
    select hub_id from core_repositories_to_rebuild
    union
    select hub_id from core_unsettled_repositories
)
select
    hub_id,
    before.group_id as group_before,
    now.group_id as group_now,
    unsettled.hub_id is not null as is_unsettled,
    before.group_id is distinct from now.group_id
    or class_before.released_on is distinct from class_now.released_on as is_moved
from candidates
left join earlier_core_group_members as before using (hub_id)
left join core_group_members as now using (hub_id)
left join earlier_core_classification as class_before using (hub_id)
left join core_classification as class_now using (hub_id)
left join core_unsettled_repositories as unsettled using (hub_id)
where
    unsettled.hub_id is not null
    or before.group_id is distinct from now.group_id
    or class_before.released_on is distinct from class_now.released_on
