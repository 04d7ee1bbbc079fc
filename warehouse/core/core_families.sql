-- Which family and generation of its publisher's lab a repository belongs to, by its name.
-- grain: hub_id
-- The registry's check keeps patterns of one lab from overlapping; if a name matches two all the same, the first counts.
with names as (
    select
        models.hub_id,
        models.repo_name,
        publishers.publisher_lab as lab
    from core_latest_models as models
    join core_publishers as publishers using (hub_id)
    where publishers.publisher_lab is not null
),
families as (
    select
        names.hub_id,
        min(patterns.family) as family,
        min_by(patterns.pattern, patterns.family) as family_pattern
    from names
    join registry_family_patterns as patterns using (lab)
    where regexp_matches(names.repo_name, patterns.pattern)
    group by names.hub_id
),
generations as (
    select
        names.hub_id,
        min(generations.generation) as generation,
        min_by(generations.pattern, generations.generation) as generation_pattern
    from names
    join families using (hub_id)
    join registry_generations as generations on generations.lab = names.lab and generations.family = families.family
    where regexp_matches(names.repo_name, generations.pattern)
    group by names.hub_id
)
select
    names.hub_id,
    families.family,
    generations.generation,
    case
        when families.family is null then 'no name pattern of lab ''' || names.lab || ''' matches'
        when generations.generation is null then 'name matches ' || families.family_pattern || ', no generation''s pattern does'
        else 'name matches ' || families.family_pattern || ' and ' || generations.generation_pattern
    end as family_because
from names
left join families using (hub_id)
left join generations using (hub_id)
