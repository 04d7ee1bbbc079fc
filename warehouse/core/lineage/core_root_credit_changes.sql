-- A credit to a root that a repository had (sign -1) or has (1), if it changed since the earlier build; told anew, it goes.
-- grain: hub_id, root_key, is_alone, weight
with changes as (
    select *, 1 as sign
    from (select * from core_root_credits except select * from earlier_core_root_credits) as gained
    union all
    select *, -1 as sign
    from (select * from earlier_core_root_credits except select * from core_root_credits) as lost
)
select changes.hub_id, changes.root_key, changes.is_alone, changes.sign * changes.weight as weight, changes.sign
from changes
left join core_unsettled_repositories as reopened using (hub_id)
where reopened.hub_id is null
union all
select hub_id, root_key, is_alone, -weight as weight, -1 as sign
from earlier_core_root_credits
join core_unsettled_repositories using (hub_id)
