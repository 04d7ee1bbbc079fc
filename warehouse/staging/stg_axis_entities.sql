-- Whom an entry of another ruler counts for on a day, and whether its weights are open.
-- grain: axis, entity, day
-- By the longest alias of the registry that matches and is valid on the day, else by the account of the repository that
-- the ruler names. A ruler that names a repository of the Hub says that the weights are open.
with entities as (
    select axis, entity_kind, entity, day from stg_axis_values group by axis, entity_kind, entity, day
),
repositories as (
    select axis, entity, max_by(repo_id, read_at) as repo_id
    from lake_axis_days
    where repo_id is not null
    group by axis, entity
),
matching as (
    select names.entity, aliases.*,
        row_number() over (
            partition by names.axis, names.entity order by length(aliases.pattern) desc, aliases.pattern
        ) as number
    from (select distinct axis, entity from entities) as names
    join registry_axis_aliases as aliases
        on aliases.axis = names.axis and regexp_matches(names.entity, aliases.pattern)
),
aliased as (
    select
        entities.axis, entities.entity, entities.day, matching.lab, matching.family, matching.is_open,
        matching.is_undisclosed, matching.evidence,
        row_number() over (partition by entities.axis, entities.entity, entities.day order by matching.number) as place
    from entities
    join matching on matching.axis = entities.axis and matching.entity = entities.entity
    where (matching.valid_from is null or entities.day >= matching.valid_from)
        and (matching.valid_until is null or entities.day < matching.valid_until)
),
labelled as (
    select
        entities.*, repositories.repo_id,
        coalesce(aliased.lab, organizations.lab) as lab, aliased.family, aliased.is_open, aliased.is_undisclosed,
        coalesce(aliased.evidence, 'published by ''' || organizations.handle || '''') as mapped_by,
        split_part(coalesce(repositories.repo_id, entities.entity), '/', 2) as model_name
    from entities
    left join repositories using (axis, entity)
    left join (select * from aliased where place = 1) as aliased using (axis, entity, day)
    left join registry_organizations as organizations on organizations.handle = split_part(repositories.repo_id, '/', 1)
),
families as (
    select names.lab, names.model_name, min(patterns.family) as family
    from (select distinct lab, model_name from labelled) as names
    join registry_family_patterns as patterns using (lab)
    where regexp_matches(names.model_name, patterns.pattern)
    group by names.lab, names.model_name
)
select
    labelled.axis, labelled.entity, labelled.day, labelled.repo_id, labelled.lab, labs.origin,
    case
        when labelled.entity_kind = 'rest' then 'rest'
        when labelled.is_undisclosed then 'undisclosed'
        when labelled.repo_id is not null or labelled.is_open then 'open'
        when not labelled.is_open then 'closed'
        else 'unknown'
    end as weights,
    coalesce(labelled.family, families.family) as family,
    labelled.mapped_by
from labelled
left join families using (lab, model_name)
left join registry_labs as labs on labs.lab = labelled.lab
