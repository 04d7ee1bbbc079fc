-- A declared name that a repository once had, and the day from which it had another one or another repository had it.
-- grain: former_name, hub_id
-- A repository loses its name when it is renamed, or, if it was deleted, when another one is created under the name.
with refs as (
    select distinct parent_ref
    from core_declared_edges
),
named as (
    select
        hub_id,
        repo_id,
        lead(repo_id) over (partition by hub_id order by day) as next_name,
        lead(day) over (partition by hub_id order by day) as until
    from stg_models
    where hub_id not like 'name:%'
),
created as (
    select
        models.hub_id,
        models.repo_id,
        lead(models.created_at::date) over (partition by models.repo_id order by models.hub_id) as until
    from core_latest_models as models
    join refs on refs.parent_ref = models.repo_id
    where models.hub_id not like 'name:%'
),
lost as (
    select named.repo_id, named.hub_id, named.until
    from named
    join refs on refs.parent_ref = named.repo_id
    where named.next_name != named.repo_id
    union all
    select repo_id, hub_id, until
    from created
    where until is not null
)
select
    repo_id as former_name,
    hub_id,
    max(until) as until
from lost
group by repo_id, hub_id
