-- Who publishes the most downloaded quantized copies of Qwen?
select
    models.author,
    count(distinct models.hub_id) as repositories,
    round(sum(models.downloads_30d * lineage.weight))::bigint as downloads_30d
from models_now as models
join lineage using (hub_id)
where models.layer = 'repackaged' and lineage.root_family = 'qwen'
group by models.author
order by downloads_30d desc nulls last, models.author
limit 25
