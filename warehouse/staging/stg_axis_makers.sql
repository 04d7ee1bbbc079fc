-- Who makes an entry of another ruler on a day, by the longest alias of the registry that matches and is valid then.
-- grain: axis, entity, day
-- Without an alias, the account of the repository that the ruler names decides. For mirrors no lab is given here: the
-- name of the model decides in stg_axis_entities.
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
        matching.is_undisclosed, matching.is_mirror, matching.evidence,
        row_number() over (partition by entities.axis, entities.entity, entities.day order by matching.number) as place
    from entities
    join matching on matching.axis = entities.axis and matching.entity = entities.entity
    where (matching.valid_from is null or entities.day >= matching.valid_from)
        and (matching.valid_until is null or entities.day < matching.valid_until)
)
select
    entities.axis, entities.entity_kind, entities.entity, entities.day, repositories.repo_id,
    coalesce(aliased.lab, organizations.lab) as lab, aliased.family, aliased.is_open, aliased.is_undisclosed,
    coalesce(aliased.is_mirror, false) as is_mirror,
    coalesce(aliased.evidence, 'published by ''' || organizations.handle || '''') as mapped_by,
    split_part(coalesce(repositories.repo_id, entities.entity), '/', 2) as model_name
from entities
left join repositories using (axis, entity)
left join (select * from aliased where place = 1) as aliased using (axis, entity, day)
left join registry_organizations as organizations on organizations.handle = split_part(repositories.repo_id, '/', 1)
