-- Which Chinese families do American organisations build on?
select
    families.name as family,
    count(distinct models.hub_id) as repositories,
    count(distinct models.author) as publishers,
    round(sum(models.downloads_30d * lineage.weight))::bigint as downloads_30d
from models_now as models
join lineage using (hub_id)
left join families on families.family = lineage.root_family
where models.origin = 'US' and lineage.root_origin = 'CN' and lineage.depth > 0
group by families.name
order by repositories desc, family
