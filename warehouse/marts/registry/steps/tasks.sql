-- A task of the Hub and the class of the models that do it.
-- grain: pipeline_tag
select pipeline_tag, task_class from registry_tasks
