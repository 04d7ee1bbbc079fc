-- Which models build on base models from another country, and how much are they downloaded?
select
    models.repo_id,
    models.lab_name,
    models.origin_name,
    lineage.root_ref,
    lineage.root_origin,
    lineage.weight,
    models.downloads_30d
from models_now as models
join lineage using (hub_id)
where models.is_mixed_origin and lineage.root_origin != models.origin
order by models.downloads_30d desc nulls last, models.repo_id, lineage.root_ref
