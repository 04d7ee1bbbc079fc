-- A root that a repository's downloads are credited to when models are compared by root, with the weight.
-- grain: hub_id, root_key
-- incremental: merge; hub_id varchar, root_key integer, weight decimal(16,15), is_alone boolean
-- is_alone: it is its own root and nobody else's, so its downloads can be counted without adding up any others.
with numbered as (
    select
        origins.hub_id,
        keys.root_key,
        origins.weight::decimal(16, 15) as weight,
        origins.root_id is null or origins.root_id != origins.hub_id as is_of_another
    from core_root_attributes as origins
    join core_root_keys as keys on keys.root = coalesce(origins.root_id, origins.root_ref)
),
shared as (
    select distinct root_key
    from numbered
    where is_of_another
)
select
    numbered.hub_id,
    numbered.root_key,
    numbered.weight,
    shared.root_key is null as is_alone
from numbered
left join shared using (root_key)
