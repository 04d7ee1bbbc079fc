-- Which Chinese families do American organisations build on?
select
    lineage.root_family,
    count(distinct models.hub_id) as repositories,
    count(distinct models.author) as publishers,
    sum(days.downloads_30d * lineage.weight)::bigint as downloads_30d
from models
join lineage using (hub_id)
left join model_days as days on days.hub_id = models.hub_id and days.day = models.last_seen
where models.publisher_origin = 'US' and lineage.root_origin = 'CN' and lineage.depth > 0
group by lineage.root_family
order by repositories desc, lineage.root_family
