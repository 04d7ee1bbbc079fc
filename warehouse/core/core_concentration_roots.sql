-- A root that a repository's downloads are credited to when models are compared by root, with the weight.
-- grain: hub_id, root_number
-- is_alone: it is its own root and nobody else's, so its downloads can be counted without adding up any others. Roots
-- have numbers of this build, so that millions of rows are summed by number and not by text.
with named as (
    select
        hub_id,
        root_id,
        coalesce(root_id, root_ref) as root,
        weight::decimal(16, 15) as weight
    from core_root_origins
),
numbered as (
    select
        root,
        row_number() over (order by root)::integer as root_number,
        bool_or(is_shared) as is_shared
    from (select root, root_id is null or root_id != hub_id as is_shared from named) as marked
    group by root
)
select
    named.hub_id,
    numbered.root_number,
    named.weight,
    not numbered.is_shared as is_alone
from named
join numbered using (root)
