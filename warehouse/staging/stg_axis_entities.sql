-- Whom an entry of another ruler counts for on a day, and whether its weights are open.
-- grain: axis, entity, day
-- The family follows from the name patterns of the lab. On a mirror the name also says the lab, if it matches patterns
-- of one lab only. A ruler that names a repository of the Hub says that the weights are open.
with families as (
    select
        names.lab, names.is_mirror, names.model_name, min(patterns.family) as family,
        case when count(distinct patterns.lab) = 1 then min(patterns.lab) end as maker
    from (select lab, is_mirror, model_name from stg_axis_makers group by lab, is_mirror, model_name) as names
    join registry_family_patterns as patterns on patterns.lab = names.lab or names.is_mirror
    where regexp_matches(names.model_name, patterns.pattern)
    group by names.lab, names.is_mirror, names.model_name
),
named as (
    select
        makers.*, coalesce(makers.lab, families.maker) as maker,
        case when families.maker is not null then coalesce(makers.family, families.family) end as known_family
    from stg_axis_makers as makers
    left join families
        on families.model_name = makers.model_name and families.is_mirror = makers.is_mirror
        and families.lab is not distinct from makers.lab
)
select
    named.axis, named.entity, named.day, named.repo_id, named.maker as lab, labs.origin,
    case
        when named.entity_kind = 'rest' then 'rest'
        when named.is_undisclosed then 'undisclosed'
        when named.repo_id is not null or named.is_open then 'open'
        when not named.is_open then 'closed'
        else 'unknown'
    end as weights,
    coalesce(named.known_family, named.family) as family,
    named.mapped_by
from named
left join registry_labs as labs on labs.lab = named.maker
