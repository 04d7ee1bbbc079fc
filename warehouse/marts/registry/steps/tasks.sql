-- A task of the Hub and the class of the models that do it.
-- grain: pipeline_tag
-- modality: what models that write text read (text or vision-language); NULL for all others.
select pipeline_tag, task_class, modality from registry_tasks
