-- A repository in core_repositories_to_rebuild, or one that it is built on over any number of steps.
-- grain: hub_id
with recursive reached as (
    select hub_id from core_repositories_to_rebuild
    union
    select coalesce(edges.parent_id, outside.base_id) as hub_id
    from reached
    join core_used_edges as edges on edges.child_id = reached.hub_id
    left join core_outside_bases as outside on edges.parent_id is null and outside.folded_ref = lower(edges.parent_ref)
    where coalesce(edges.parent_id, outside.base_id) is not null
)
select hub_id from reached
