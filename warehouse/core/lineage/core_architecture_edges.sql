-- A base that only its architecture tells: the family of the architecture, for a repository that names no base.
-- grain: child_id
-- Labs may use architectures of others for weights of their own. Names without an owner that cannot be resolved, such as
-- paths on a disk, are no bases here, except in merges.
with named as (
    select distinct child_id
    from core_resolved_edges
    where not is_itself and (parent_id is not null or parent_author is not null or relation = 'merge')
)
select
    architectures.hub_id as child_id,
    'architecture:' || architectures.architecture as parent_ref
from core_architectures as architectures
join core_repositories_with_new_links using (hub_id)
join core_publishers as publishers using (hub_id)
left join named on named.child_id = architectures.hub_id
where named.child_id is null and publishers.publisher_role != 'lab'
