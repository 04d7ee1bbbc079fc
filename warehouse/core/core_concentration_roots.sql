-- A root that a repository's downloads are credited to when models are compared by root, with the weight.
-- grain: hub_id, root
-- is_alone: it is its own root and nobody else's, so its downloads can be counted without adding up any others.
with shared as (
    select distinct root_id
    from core_root_origins
    where root_id != hub_id
)
select
    roots.hub_id,
    coalesce(roots.root_id, roots.root_ref) as root,
    roots.weight::decimal(16, 15) as weight,
    coalesce(roots.root_id = roots.hub_id, false) and shared.root_id is null as is_alone
from core_root_origins as roots
left join shared on shared.root_id = roots.root_id
