-- A credit to a root that a repository lost (sign -1) or gained (1) since the earlier build.
-- grain: hub_id, root_key, task_class, is_isolated, weight
-- For unsettled repositories, whose downloads are calculated again, all earlier credits are removed.
with changes as (
    select *, 1 as sign
    from (select * from core_root_credits except select * from earlier_core_root_credits) as gained
    union all
    select *, -1 as sign
    from (select * from earlier_core_root_credits except select * from core_root_credits) as lost
)
select
    changes.hub_id, changes.root_key, changes.task_class, changes.is_isolated,
    changes.sign * changes.weight as weight, changes.sign
from changes
left join core_unsettled_repositories as unsettled using (hub_id)
where unsettled.hub_id is null
union all
select hub_id, root_key, task_class, is_isolated, -weight as weight, -1 as sign
from earlier_core_root_credits
join core_unsettled_repositories using (hub_id)
