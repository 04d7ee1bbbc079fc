-- A listed repository with roots in a family, its weight there, and its counters at the last reading.
-- grain: family, hub_id
-- A repository with roots in several families has a row in each. Its weights sum to 1, together with those of its roots
-- without a family.
with parts as (
    select
        root_family as family,
        hub_id,
        min(depth) as depth,
        sum(weight::decimal(16, 15))::decimal(16, 15) as weight
    from lineage
    where root_family is not null
    group by root_family, hub_id
)
select
    parts.family,
    parts.hub_id,
    models.repo_id,
    models.author,
    models.publisher_lab,
    models.publisher_origin,
    coalesce(models.publisher_lab = families.lab, false) as is_by_maker,
    models.layer,
    case
        when models.layer = 'repackaged' and models.publisher_lab = families.lab then 'release' else models.layer
    end as counted_layer,
    models.task_class,
    models.size_bucket,
    models.size_bucket = '<1' as is_below_1b,
    models.is_gguf,
    models.released_on,
    parts.depth,
    parts.weight,
    counts.downloads_30d,
    counts.downloads_all_time,
    counts.downloads_30d * parts.weight as credited_30d,
    counts.downloads_all_time * parts.weight as credited_all_time
from parts
join models using (hub_id)
join families on families.family = parts.family
left join latest_counts as counts using (hub_id)
where models.is_listed
order by parts.family, parts.hub_id
