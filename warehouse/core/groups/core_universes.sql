-- What is counted together where sums of classes mean nothing: each task class alone, and all models.
-- grain: universe, task_class
with classes as (
    select distinct task_class from core_task_classes
)
select task_class as universe, task_class from classes where task_class is not null
union all
select 'all', task_class from classes
