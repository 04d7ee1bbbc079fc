-- A link that closes a cycle of bases and leads to a base newer than the repository built on it.
-- grain: child_id, parent_ref
-- Newer is by created_at, then by hub_id; an unknown created_at is older than any. As this orders all repositories,
-- every cycle contains such a link, and removing them removes all cycles. Only links to newer bases are followed.
-- A base outside the lake leads to the repositories that it is built on by the registry.
with recursive links as (
    select
        edges.child_id,
        edges.parent_ref,
        coalesce(edges.parent_id, outside.base_id) as parent_id
    from core_distinct_edges as edges
    left join core_outside_bases as outside on edges.parent_id is null and outside.folded_ref = lower(edges.parent_ref)
    where
        coalesce(edges.parent_id, outside.base_id) is not null
        and not edges.is_corrected and not edges.is_itself and not edges.is_repeated and not edges.is_tag_only
),
ages as (
    select
        hub_id,
        coalesce(created_at, timestamp '0001-01-01 00:00:00') as created_at
    from core_latest_models
),
candidates as (
    select links.child_id, links.parent_ref, links.parent_id
    from links
    join core_repositories_to_rebuild on core_repositories_to_rebuild.hub_id = links.child_id
    join ages as children on children.hub_id = links.child_id
    join ages as parents on parents.hub_id = links.parent_id
    where
        parents.created_at > children.created_at
        or (parents.created_at = children.created_at and parents.hub_id >= children.hub_id)
),
paths as (
    select child_id, parent_ref, parent_id as reached_id
    from candidates
    union
    select paths.child_id, paths.parent_ref, links.parent_id as reached_id
    from paths
    join links on links.child_id = paths.reached_id
    where paths.reached_id != paths.child_id
)
select distinct child_id, parent_ref
from paths
where reached_id = child_id
