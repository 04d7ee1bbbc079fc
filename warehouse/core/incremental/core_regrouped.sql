-- A repository that counts elsewhere or is of another age than in the earlier build, or whose downloads are told anew.
-- grain: hub_id
-- Where this build stands on none, every repository is new; there is then nothing that could have moved.
with candidates as (
    select hub_id from core_repositories_to_rebuild
    union
    select hub_id from core_unsettled_repositories
)
select
    hub_id,
    before.group_id as group_before,
    now.group_id as group_now,
    reopened.hub_id is not null as is_reopened
from candidates
left join earlier_core_group_members as before using (hub_id)
left join core_group_members as now using (hub_id)
left join earlier_core_classification as stood using (hub_id)
left join core_classification as stands using (hub_id)
left join core_unsettled_repositories as reopened using (hub_id)
where
    reopened.hub_id is not null
    or before.group_id is distinct from now.group_id
    or stood.released_on is distinct from stands.released_on
