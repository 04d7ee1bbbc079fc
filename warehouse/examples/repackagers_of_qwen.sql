-- Who publishes the most downloaded quantized copies of Qwen?
select
    models.author,
    count(distinct models.hub_id) as repositories,
    sum(days.downloads_30d * lineage.weight)::bigint as downloads_30d
from models
join lineage using (hub_id)
join model_days as days on days.hub_id = models.hub_id and days.day = models.last_seen
where models.layer = 'repackaged' and lineage.root_family = 'qwen'
group by models.author
order by downloads_30d desc nulls last, models.author
limit 25
