-- A library whose models are of one class. It decides for repositories without a known task.
-- grain: library_name
select library_name, task_class from registry_libraries
