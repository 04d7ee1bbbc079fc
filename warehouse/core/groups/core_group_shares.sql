-- Where a group of repositories counts under a lens, with the weight; weights of a group and lens sum to 1.
-- grain: group_id, lens, origin, lab, family, generation, is_held
-- Layer, task class, size, GGUF and modality are those of the repository under both lenses. Groups of repositories that
-- the series leaves out (core_uncounted_repositories) have no rows.
with examples as (
    select
        group_id,
        min(hub_id) as hub_id
    from core_group_members
    where hub_id not in (select hub_id from core_uncounted_repositories)
    group by group_id
)
select
    members.group_id,
    'publisher' as lens,
    members.publisher_origin as origin,
    members.publisher_lab as lab,
    members.family,
    members.generation,
    true as is_held,
    1.0::decimal(16, 15) as weight,
    members.publisher_origin,
    members.layer,
    members.counted_layer,
    members.is_by_maker,
    members.task_class,
    members.size_bucket,
    members.is_gguf,
    members.modality
from examples
join core_group_members as members using (hub_id)
union all
select
    members.group_id,
    'root' as lens,
    roots.origin,
    roots.lab,
    roots.family,
    roots.generation,
    roots.is_held,
    roots.weight,
    members.publisher_origin,
    members.layer,
    members.counted_layer,
    members.is_by_maker,
    members.task_class,
    members.size_bucket,
    members.is_gguf,
    members.modality
from examples
join core_group_members as members using (hub_id)
join core_group_roots as roots using (hub_id)
