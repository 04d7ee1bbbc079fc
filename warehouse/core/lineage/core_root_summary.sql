-- What the roots of a repository agree on, whether they belong to its own lab, and whether origins are mixed.
-- grain: hub_id
-- Mixed means that two known countries differ; 'unaffiliated' and ZZ are not countries.
with roots as (
    select
        lineage.hub_id,
        count(*) as roots,
        count(lineage.root_id) as resolved_roots,
        bool_or(lineage.root_ref like 'architecture:%') as has_architecture,
        max(lineage.depth) as depth,
        bool_and(coalesce(lineage.root_lab = publishers.publisher_lab, false)) as is_own_root,
        case when count(distinct coalesce(root_origin, '')) = 1 then min(root_origin) end as root_origin,
        case when count(distinct coalesce(root_family, '')) = 1 then min(root_family) end as root_family,
        bool_or(
            coalesce(publishers.publisher_origin not in ('unaffiliated', 'ZZ'), false)
            and coalesce(lineage.root_origin not in ('unaffiliated', 'ZZ'), false)
            and lineage.root_origin != publishers.publisher_origin
        ) as is_mixed_origin
    from new_core_root_attributes as lineage
    join core_publishers as publishers using (hub_id)
    group by lineage.hub_id
),
links as (
    select child_id as hub_id, count(*) as links
    from core_edges
    group by child_id
)
select
    roots.hub_id,
    roots.root_origin,
    roots.root_family,
    roots.is_own_root,
    coalesce(roots.is_mixed_origin, false) as is_mixed_origin,
    case
        when roots.depth = 0 and links.links is null then 'no base is known, so it is its own root'
        when roots.depth = 0 then 'none of its bases is used, so it is its own root'
        when roots.has_architecture then 'no base is known, but its architecture is that of one family'
        when roots.resolved_roots = roots.roots then 'its used bases lead to roots that are in the lake'
        when roots.resolved_roots = 0 then 'its used bases lead to roots known by name only'
        else 'its used bases lead to roots, some of which are known by name only'
    end as root_because
from roots
left join links using (hub_id)
