-- A base model as a repository declares it now: the set read together with its latest attributes.
-- grain: hub_id, parent_ref
select
    edges.hub_id,
    models.repo_id,
    models.author,
    edges.parent_hub_id,
    edges.parent_ref,
    case when strpos(edges.parent_ref, '/') > 0 then split_part(edges.parent_ref, '/', 1) end as parent_author,
    coalesce(edges.relation, 'unknown') as relation,
    edges.position
from stg_edges as edges
join core_latest_models as models on edges.hub_id = models.hub_id and edges.day = models.attributes_day
