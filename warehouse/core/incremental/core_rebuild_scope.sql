-- A repository in core_repositories_to_rebuild, or one that it is built on over any number of steps.
-- grain: hub_id
with recursive reached as (
    select hub_id from core_repositories_to_rebuild
    union
    select edges.parent_id as hub_id
    from reached
    join core_used_edges as edges on edges.child_id = reached.hub_id
    where edges.parent_id is not null
)
select hub_id from reached
