-- A root of a repository in core_repositories_to_rebuild, the fewest steps to it, and its weight.
-- grain: hub_id, root_id, root_ref
-- A repository without a used base is its own root. An unresolved base is a root known by name only, unless the registry
-- names what it is built on. Weights are passed down from the roots step by step. Each step adds up what reaches one repository from one root, so merges of merges
-- need no more rows than they have roots and path lengths. Weights are decimals, so that sums do not depend on the
-- order of their terms.
with recursive links as (
    select
        edges.child_id,
        coalesce(edges.parent_id, outside.base_id) as parent_id,
        coalesce(outside.base_ref, edges.parent_ref) as parent_ref,
        1 + coalesce(outside.steps, 0) as steps,
        (edges.share::decimal(19, 18) * coalesce(outside.share, 1))::decimal(19, 18) as share
    from core_used_edges as edges
    left join core_outside_bases as outside on edges.parent_id is null and outside.folded_ref = lower(edges.parent_ref)
    join core_rebuild_scope on core_rebuild_scope.hub_id = edges.child_id
),
first_steps as (
    select
        edges.child_id as hub_id,
        edges.parent_id as root_id,
        coalesce(parents.repo_id, edges.parent_ref) as root_ref,
        edges.steps,
        edges.share as weight
    from links as edges
    left join core_latest_models as parents on parents.hub_id = edges.parent_id
    left join (select distinct child_id from links) as built on built.child_id = edges.parent_id
    where built.child_id is null
),
reached as (
    select hub_id, root_id, root_ref, steps, weight
    from first_steps
    union all
    select
        edges.child_id as hub_id,
        reached.root_id,
        reached.root_ref,
        reached.steps + edges.steps as steps,
        sum((reached.weight * edges.share)::decimal(19, 18))::decimal(19, 18) as weight
    from reached
    join links as edges on edges.parent_id = reached.hub_id
    group by edges.child_id, reached.root_id, reached.root_ref, reached.steps + edges.steps
)
select
    hub_id,
    root_id,
    root_ref,
    min(steps) as depth,
    sum(weight)::double as weight
from reached
join core_repositories_to_rebuild using (hub_id)
group by hub_id, root_id, root_ref
union all
select
    models.hub_id,
    models.hub_id as root_id,
    models.repo_id as root_ref,
    0 as depth,
    1.0::double as weight
from core_latest_models as models
join core_repositories_to_rebuild using (hub_id)
left join (select distinct child_id from links) as built on built.child_id = models.hub_id
where built.child_id is null
