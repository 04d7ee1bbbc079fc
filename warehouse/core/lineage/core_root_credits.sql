-- A root that the downloads of a repository are credited to, with the weight and the task class of the repository.
-- grain: hub_id, root_key
-- incremental: merge; hub_id varchar, root_key integer, task_class varchar, weight decimal(16,15), is_isolated boolean
-- is_isolated: the repository is its own root and nobody else's, so its downloads need not be added to any others.
with numbered as (
    select
        origins.hub_id,
        keys.root_key,
        origins.weight::decimal(16, 15) as weight,
        origins.root_id is null or origins.root_id != origins.hub_id as is_of_another
    from core_root_attributes as origins
    join core_root_keys as keys on keys.root = coalesce(origins.root_id, origins.root_ref)
    where origins.hub_id not in (select hub_id from core_uncounted_repositories)
),
shared as (
    select distinct root_key
    from numbered
    where is_of_another
)
select
    numbered.hub_id,
    numbered.root_key,
    classes.task_class,
    numbered.weight,
    shared.root_key is null as is_isolated
from numbered
join core_task_classes as classes using (hub_id)
left join shared using (root_key)
