-- Family and generation of a name within a lab: of repositories just read, and of unresolved bases.
-- grain: lab, repo_name
-- The registry's validation prevents overlapping patterns within a lab. If a name matches two anyway, the
-- alphabetically first counts.
with names as (
    select publishers.publisher_lab as lab, models.repo_name
    from new_core_latest_models as models
    join core_publishers as publishers using (hub_id)
    where publishers.publisher_lab is not null
    union
    select lab, repo_name
    from core_unresolved_bases
    where lab is not null and repo_name is not null
),
families as (
    select
        names.lab,
        names.repo_name,
        min(patterns.family) as family,
        min_by(patterns.pattern, patterns.family || ' ' || patterns.pattern) as family_pattern
    from names
    join registry_family_patterns as patterns using (lab)
    where regexp_matches(names.repo_name, patterns.pattern)
    group by names.lab, names.repo_name
),
generations as (
    select
        names.lab,
        names.repo_name,
        min(generations.generation) as generation,
        min_by(generations.pattern, generations.generation || ' ' || generations.pattern) as generation_pattern
    from names
    join families using (lab, repo_name)
    join registry_generations as generations on generations.lab = names.lab and generations.family = families.family
    where regexp_matches(names.repo_name, generations.pattern)
    group by names.lab, names.repo_name
)
select
    names.lab,
    names.repo_name,
    families.family,
    generations.generation,
    case
        when families.family is null then 'no name pattern of lab ''' || names.lab || ''' matches'
        when generations.generation is null then 'name matches ' || families.family_pattern || ', no generation''s pattern does'
        else 'name matches ' || families.family_pattern || ' and ' || generations.generation_pattern
    end as family_because
from names
left join families using (lab, repo_name)
left join generations using (lab, repo_name)
