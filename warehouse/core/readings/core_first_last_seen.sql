-- When a repository was first and last read, and whether the last complete listing that covers it has it.
-- grain: hub_id
-- incremental: merge; hub_id varchar, first_seen date, first_scope varchar, last_seen date, last_scope varchar, is_listed boolean
-- A listing covers a repository if it has the scope in which the repository was last seen, or is of the whole Hub.
-- Imports cover nothing, because an archive need not contain every repository.
with sightings as (
    select hub_id, day as first_seen, scope as first_scope, day as last_seen, scope as last_scope
    from stg_new_days
    union all
    select hub_id, first_seen, first_scope, last_seen, last_scope
    from earlier_core_first_last_seen
),
seen as (
    select
        hub_id,
        min(first_seen) as first_seen,
        min_by(first_scope, first_seen) as first_scope,
        max(last_seen) as last_seen,
        max_by(last_scope, last_seen) as last_scope
    from sightings
    group by hub_id
),
listings as (
    select
        scope,
        max(day) as last_day
    from stg_crawls
    where is_complete and source = 'crawl'
    group by scope
),
covering as (
    select
        scopes.last_scope,
        max(listings.last_day) as last_day
    from (select distinct last_scope from seen) as scopes
    join listings on listings.scope = scopes.last_scope or listings.scope = 'hub'
    group by scopes.last_scope
)
select
    seen.hub_id,
    seen.first_seen,
    seen.first_scope,
    seen.last_seen,
    seen.last_scope,
    coalesce(seen.last_seen >= covering.last_day, true) as is_listed
from seen
left join covering using (last_scope)
