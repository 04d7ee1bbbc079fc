-- A base that the Hub linked until the base was deleted, for a repository whose card has not changed since.
-- grain: hub_id, parent_ref
-- If all bases of a card are deleted, its tags still name them. If only some are, earlier readings are the only source.
with linked as (
    select
        edges.hub_id,
        edges.day,
        edges.parent_hub_id,
        edges.parent_ref,
        edges.relation,
        edges.position,
        latest.repo_id,
        latest.attributes_day
    from stg_edges as edges
    join core_repositories_with_new_links using (hub_id)
    join core_latest_models as latest using (hub_id)
    join stg_models as models on models.hub_id = edges.hub_id and models.day = edges.day
    where edges.declared_in = 'baseModels' and models.last_modified = latest.last_modified
),
still_linked as (
    select hub_id, parent_hub_id, parent_ref
    from linked
    where day = attributes_day
),
vanished as (
    select
        linked.hub_id,
        linked.repo_id,
        linked.parent_hub_id,
        linked.parent_ref,
        linked.relation,
        linked.position,
        row_number() over (partition by linked.hub_id, linked.parent_hub_id order by linked.day desc) as recency,
        row_number() over (partition by linked.hub_id, linked.parent_ref order by linked.day desc, linked.parent_hub_id) as place
    from linked
    join (select distinct hub_id from still_linked) as linking using (hub_id)
    join core_first_last_seen as seen on seen.hub_id = linked.parent_hub_id
    left join still_linked as same_id on same_id.hub_id = linked.hub_id and same_id.parent_hub_id = linked.parent_hub_id
    left join still_linked as same_name on same_name.hub_id = linked.hub_id and same_name.parent_ref = linked.parent_ref
    where not seen.is_listed and same_id.hub_id is null and same_name.hub_id is null
)
select
    hub_id,
    repo_id,
    parent_hub_id,
    parent_ref,
    relation,
    position
from vanished
where recency = 1 and place = 1
