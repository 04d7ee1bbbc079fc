-- Class of a repository (language, encoder, vision, audio, other; NULL if unknown) and the reason.
-- grain: hub_id
-- incremental: delete+insert core_repositories_to_rebuild
-- Its own task decides. Without a known task, it has the class of its roots, by weight; of classes with equal weight the
-- alphabetically first. Without such a root, its library or its files decide.
with weights as (
    select
        lineage.hub_id,
        classes.task_class,
        sum(lineage.weight::decimal(16, 15)) as weight
    from core_lineage as lineage
    join core_own_task_classes as own on own.hub_id = lineage.hub_id and not own.is_by_task
    join core_own_task_classes as classes on classes.hub_id = lineage.root_id and classes.task_class is not null
    where lineage.depth > 0
    group by lineage.hub_id, classes.task_class
),
ranked as (
    select
        hub_id,
        task_class,
        row_number() over (partition by hub_id order by weight desc, task_class) as place
    from weights
)
select
    lineage.hub_id,
    coalesce(roots.task_class, own.task_class) as task_class,
    case
        when roots.task_class is not null then 'no known task; the models it is built on are of the class ' || roots.task_class
        else own.task_class_because
    end as task_class_because
from (select distinct hub_id from core_lineage) as lineage
join core_own_task_classes as own on own.hub_id = lineage.hub_id
left join ranked as roots on roots.hub_id = lineage.hub_id and roots.place = 1
