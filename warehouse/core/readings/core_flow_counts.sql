-- How many repositories of a task class had the same number of downloads on a day.
-- grain: day, task_class, downloads
-- incremental: merge; day date, task_class varchar, downloads bigint, repositories bigint
-- Repositories that the series leaves out (core_uncounted_repositories) have no credits, and are not counted. New rows are
-- added to the earlier numbers. Those of a repository whose class has changed, or whose downloads are calculated again, move.
with classes as (
    select distinct hub_id, task_class from core_root_credits
),
classes_before as (
    select distinct hub_id, task_class from earlier_core_root_credits
),
moved as (
    select hub_id, task_class, 1 as sign
    from (select * from classes except select * from classes_before) as entered
    where hub_id not in (select hub_id from core_unsettled_repositories)
    union all
    select hub_id, task_class, -1 as sign
    from (select * from classes_before except select * from classes) as departed
    where hub_id not in (select hub_id from core_unsettled_repositories)
    union all
    select hub_id, task_class, -1 as sign
    from classes_before
    join core_unsettled_repositories using (hub_id)
),
changes as (
    select flows.day, classes.task_class, flows.downloads, 1 as sign
    from new_model_flows as flows
    join classes using (hub_id)
    union all
    select flows.day, moved.task_class, flows.downloads, moved.sign
    from earlier_model_flows as flows
    join moved using (hub_id)
),
counts as (
    select day, task_class, downloads, sum(sign) as repositories
    from changes
    group by day, task_class, downloads
    union all
    select day, task_class, downloads, repositories
    from earlier_core_flow_counts
)
select
    day,
    task_class,
    downloads,
    sum(repositories)::bigint as repositories
from counts
group by day, task_class, downloads
having sum(repositories) > 0
