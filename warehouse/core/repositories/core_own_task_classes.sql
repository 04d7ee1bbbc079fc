-- Class of a repository by its own task, library or files, and the reason; NULL if none of them decides.
-- grain: hub_id
-- incremental: delete+insert core_updated_repositories
select
    models.hub_id,
    tasks.task_class is not null as is_by_task,
    case
        when tasks.task_class is not null then tasks.task_class
        when libraries.task_class is not null then libraries.task_class
        when models.is_gguf then 'language'
    end as task_class,
    case
        when tasks.task_class is not null then 'its task is ' || models.pipeline_tag
        when libraries.task_class is not null then 'no known task; its library is ' || models.library_name
        when models.is_gguf then 'no known task; its files are GGUF'
        else 'no known task, and its library and files do not decide'
    end as task_class_because
from new_core_latest_models as models
left join registry_tasks as tasks using (pipeline_tag)
left join registry_libraries as libraries using (library_name)
