-- When a repository was seen, and whether the last complete listing that covers it still has it.
-- grain: hub_id
-- A listing covers a repository if it is of the scope in which the repository was last seen, or of the whole Hub.
with seen as (
    select
        hub_id,
        min(day) as first_seen,
        max(day) as last_seen,
        max_by(scope, day) as last_scope
    from stg_model_days
    group by hub_id
),
listings as (
    select
        scope,
        max(day) as last_day
    from stg_crawls
    where is_complete
    group by scope
)
select
    seen.hub_id,
    seen.first_seen,
    seen.last_seen,
    coalesce(bool_and(seen.last_seen >= listings.last_day), true) as is_listed
from seen
left join listings on listings.scope = seen.last_scope or listings.scope = 'hub'
group by seen.hub_id, seen.first_seen, seen.last_seen
