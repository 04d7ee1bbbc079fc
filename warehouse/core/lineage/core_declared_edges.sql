-- A base model that a repository declares now, or that the registry names.
-- grain: hub_id, parent_ref
-- Uses the links read together with the latest attributes, plus links that disappeared only because the base was
-- deleted. If the registry has bases of the repository, is_corrected marks the declared ones that it does not name; of
-- the others it decides the relation. The owner is the part of a name before the slash; local paths and bare names have
-- none.
with curated as (
    select models.hub_id, models.repo_id, bases.parent_ref, bases.relation
    from registry_bases as bases
    join core_latest_models as models using (repo_id)
    join core_repositories_with_new_links using (hub_id)
    where bases.parent_ref != models.repo_id
),
declared as (
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
    left join core_deleted_bases as vanished using (hub_id, parent_ref)
    where vanished.hub_id is null
    union all
    select hub_id, repo_id, parent_hub_id, parent_ref, relation, 'baseModels' as declared_in, position
    from core_deleted_bases
),
every_edge as (
    select
        declared.hub_id,
        declared.repo_id,
        declared.parent_hub_id,
        declared.parent_ref,
        coalesce(curated.relation, declared.relation) as relation,
        case
            when curated.relation != coalesce(declared.relation, 'unknown') then 'registry' else declared.declared_in
        end as declared_in,
        declared.position,
        curated.hub_id is null and corrected.hub_id is not null as is_corrected
    from declared
    left join curated using (hub_id, parent_ref)
    left join (select distinct hub_id from curated) as corrected using (hub_id)
    union all
    select curated.hub_id, curated.repo_id, null, curated.parent_ref, curated.relation, 'registry', 0, false
    from curated
    left join declared using (hub_id, parent_ref)
    where declared.hub_id is null
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
    position,
    is_corrected
from every_edge
