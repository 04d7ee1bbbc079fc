-- Publisher of a repository, by the registry's organisations, and the reason.
-- grain: hub_id
-- incremental: delete+insert core_updated_repositories
-- A handle belongs to its organisation only until its last day. What is created there later belongs to someone else.
select
    models.hub_id,
    organizations.handle,
    organizations.lab as publisher_lab,
    coalesce(organizations.origin, 'unaffiliated') as publisher_origin,
    coalesce(organizations.role, 'unknown') as publisher_role,
    case
        when models.author is null then 'the name has no owner'
        when registered.handle is null then 'the registry has no organisation ''' || models.author || ''''
        when organizations.handle is null then
            '''' || models.author || ''' belonged to its organisation until ' || registered.until::varchar
            || ', before this repository was created'
        else 'published by ''' || models.author || ''' (' || organizations.evidence || ')'
    end as publisher_because
from new_core_latest_models as models
left join registry_organizations as registered on registered.handle = models.author
left join registry_organizations as organizations
    on organizations.handle = models.author
    and (organizations.until is null or models.created_at is null or models.created_at::date < organizations.until)
