-- Downloads of a day credited to a root by repositories of a task class; for isolated repositories, how many had the same number of downloads.
-- grain: root_key, day, task_class, downloads_each
-- incremental: merge; root_key integer, day date, task_class varchar, downloads_each bigint, downloads decimal(38,15), repositories bigint
-- Either root_key or downloads_each is known. New rows are added to the earlier sums, and changed credits correct them.
with changes as (
    select
        flows.day, flows.downloads, roots.root_key, roots.task_class, roots.is_isolated, roots.weight, 1 as sign
    from new_model_flows as flows
    join core_root_credits as roots using (hub_id)
    union all
    select
        flows.day, flows.downloads, credit_changes.root_key, credit_changes.task_class, credit_changes.is_isolated,
        credit_changes.weight, credit_changes.sign
    from earlier_model_flows as flows
    join core_root_credit_changes as credit_changes using (hub_id)
),
sums as (
    select
        case when not is_isolated then root_key end as root_key,
        day,
        task_class,
        case when is_isolated then downloads end as downloads_each,
        sum(case when not is_isolated then downloads * weight end) as downloads,
        sum(sign) as repositories
    from changes
    group by case when not is_isolated then root_key end, day, task_class, case when is_isolated then downloads end
    union all
    select root_key, day, task_class, downloads_each, downloads, repositories
    from earlier_core_root_credit_days
)
select
    root_key,
    day,
    task_class,
    downloads_each,
    sum(downloads)::decimal(38, 15) as downloads,
    sum(repositories)::bigint as repositories
from sums
group by root_key, day, task_class, downloads_each
having sum(repositories) > 0
