-- A link that closes a circle of bases and runs to a base newer than what is built on it.
-- grain: child_id, parent_id
-- Newer is by created_at, then by hub_id; an unknown created_at is older than any. That is an order of all repositories,
-- so every circle holds such a link, and without them no circle is left. Only these are followed, upwards.
with recursive links as (
    select child_id, parent_id
    from core_distinct_edges
    where parent_id is not null and not is_itself and not is_repeated and not is_tag_only
),
ages as (
    select
        hub_id,
        coalesce(created_at, timestamptz '0001-01-01 00:00:00+00') as created_at
    from core_latest_models
),
suspects as (
    select links.child_id, links.parent_id
    from links
    join core_repositories_to_rebuild on core_repositories_to_rebuild.hub_id = links.child_id
    join ages as children on children.hub_id = links.child_id
    join ages as parents on parents.hub_id = links.parent_id
    where
        parents.created_at > children.created_at
        or (parents.created_at = children.created_at and parents.hub_id > children.hub_id)
),
walks as (
    select child_id, parent_id, parent_id as reached_id
    from suspects
    union
    select walks.child_id, walks.parent_id, links.parent_id as reached_id
    from walks
    join links on links.child_id = walks.reached_id
    where walks.reached_id != walks.child_id
)
select child_id, parent_id
from walks
where reached_id = child_id
