-- A base that matches no repository, declared or named by the registry, with the organisation in its name or the family of its architecture.
-- grain: parent_ref
-- The organisation is found by exact handle, else by a handle that differs in case. Without an owner in the name the
-- origin is unknown. The period of a handle is not applied, because the creation date of the base is unknown.
with refs as (
    select parent_ref, parent_author
    from core_used_edges
    where parent_id is null
    union
    select base_ref as parent_ref, base_author as parent_author
    from core_outside_bases
    where base_id is null
),
ranked as (
    select
        refs.parent_ref,
        refs.parent_author,
        coalesce(architectures.lab, organizations.lab) as lab,
        coalesce(labs.origin, organizations.origin) as origin,
        organizations.role,
        architectures.family,
        row_number() over (
            partition by refs.parent_ref
            order by case when organizations.handle = refs.parent_author then 0 else 1 end, organizations.handle
        ) as match_rank
    from refs
    left join registry_organizations as organizations on lower(organizations.handle) = lower(refs.parent_author)
    left join registry_architectures as architectures on 'architecture:' || architectures.architecture = refs.parent_ref
    left join registry_labs as labs on labs.lab = architectures.lab
)
select
    parent_ref,
    case when parent_author is not null then substr(parent_ref, length(parent_author) + 2) end as repo_name,
    lab,
    role,
    family,
    case when parent_author is not null then coalesce(origin, 'unaffiliated') else origin end as origin
from ranked
where match_rank = 1
