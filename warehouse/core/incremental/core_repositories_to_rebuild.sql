-- A repository whose classification may have changed: it was read, linked differently, is concerned by a changed registry, or builds on such a one.
-- grain: hub_id
-- Repositories that build on another are included if its name, creation date, size, task, library or links have changed.
with recursive changed as (
    select now.hub_id
    from new_core_latest_models as now
    join earlier_core_latest_models as before using (hub_id)
    where
        now.repo_id is distinct from before.repo_id
        or now.created_at is distinct from before.created_at
        or now.safetensors_total is distinct from before.safetensors_total
        or now.gguf_total is distinct from before.gguf_total
        or now.pipeline_tag is distinct from before.pipeline_tag
        or now.library_name is distinct from before.library_name
        or now.is_gguf is distinct from before.is_gguf
    union
    select hub_id from core_repositories_of_changed_entries
),
links_before as (
    select edges.*
    from earlier_core_distinct_edges as edges
    join core_repositories_with_new_links as with_new_links on with_new_links.hub_id = edges.child_id
),
links_now as (
    select edges.* from new_core_distinct_edges as edges
    join earlier_core_latest_models as known on known.hub_id = edges.child_id
),
parents as (
    select child_id, parent_id from core_distinct_edges where parent_id is not null
    union all
    select child_id, parent_id from links_before where parent_id is not null
    union all
    select edges.child_id, outside.base_id as parent_id
    from core_distinct_edges as edges
    join core_outside_bases as outside on edges.parent_id is null and outside.folded_ref = lower(edges.parent_ref)
    where outside.base_id is not null
),
outside_changes as (
    select folded_ref from (select * from earlier_core_outside_bases except select * from core_outside_bases) as removed
    union
    select folded_ref from (select * from core_outside_bases except select * from earlier_core_outside_bases) as added
),
reached as (
    select hub_id from changed
    union
    select edges.child_id
    from core_distinct_edges as edges
    join outside_changes on edges.parent_id is null and outside_changes.folded_ref = lower(edges.parent_ref)
    union
    select child_id from (select * from links_before except select * from links_now) as removed
    union
    select child_id from (select * from links_now except select * from links_before) as added
    union
    select parents.child_id
    from reached
    join parents on parents.parent_id = reached.hub_id
)
select hub_id from core_repositories_with_new_links
union
select hub_id from reached
