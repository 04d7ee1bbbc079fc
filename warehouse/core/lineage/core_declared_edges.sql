-- A base model that a repository declares now; for one that declares only itself, the registry's base.
-- grain: hub_id, parent_ref
-- Uses the links read together with the latest attributes, plus links that disappeared only because the base was
-- deleted. The owner is the part of a name before the slash; local paths and bare names have none.
with declared as (
    select
        edges.hub_id,
        models.repo_id,
        edges.parent_hub_id,
        edges.parent_ref,
        edges.relation,
        edges.declared_in,
        edges.position
    from stg_edges as edges
    join core_repositories_with_new_links using (hub_id)
    join core_latest_models as models on edges.hub_id = models.hub_id and edges.day = models.attributes_day
),
declaring as (
    select distinct hub_id
    from declared
    where parent_ref != repo_id and (parent_hub_id is null or parent_hub_id != hub_id)
),
every_edge as (
    select
        declared.hub_id,
        declared.repo_id,
        declared.parent_hub_id,
        declared.parent_ref,
        declared.relation,
        declared.declared_in,
        declared.position
    from declared
    left join core_deleted_bases as vanished using (hub_id, parent_ref)
    where vanished.hub_id is null
    union all
    select hub_id, repo_id, parent_hub_id, parent_ref, relation, 'baseModels' as declared_in, position
    from core_deleted_bases
    union all
    select
        models.hub_id,
        models.repo_id,
        null::varchar as parent_hub_id,
        bases.parent_ref,
        bases.relation,
        'registry' as declared_in,
        0 as position
    from core_latest_models as models
    join core_repositories_with_new_links using (hub_id)
    join registry_bases as bases using (repo_id)
    left join declaring using (hub_id)
    where declaring.hub_id is null and bases.parent_ref != models.repo_id
)
select
    hub_id,
    repo_id,
    parent_hub_id,
    parent_ref,
    case
        when regexp_matches(parent_ref, '^[A-Za-z0-9_][A-Za-z0-9_.-]*/[A-Za-z0-9_.-]+$') then split_part(parent_ref, '/', 1)
    end as parent_author,
    coalesce(relation, 'unknown') as relation,
    declared_in,
    position
from every_edge
