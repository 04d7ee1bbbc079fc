-- Which models build on base models from another country, and how much are they downloaded?
select
    models.repo_id,
    models.publisher_lab,
    models.publisher_origin,
    lineage.root_ref,
    lineage.root_origin,
    lineage.weight,
    days.downloads_30d
from models
join lineage using (hub_id)
left join model_days as days on days.hub_id = models.hub_id and days.day = models.last_seen
where models.is_mixed_origin and lineage.root_origin != models.publisher_origin
order by days.downloads_30d desc nulls last, models.repo_id, lineage.root_ref
