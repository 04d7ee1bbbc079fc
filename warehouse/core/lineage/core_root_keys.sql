-- Integer key of a root, so that millions of rows are added up by integer instead of text.
-- grain: root
-- incremental: merge; root varchar, root_key integer
-- Keys are valid within one warehouse file only: a full refresh assigns new ones.
with roots as (
    select distinct coalesce(root_id, root_ref) as root
    from new_core_root_attributes
)
select
    root,
    (
        coalesce((select max(root_key) from earlier_core_root_keys), 0) + row_number() over (order by root)
    )::integer as root_key
from roots
where root not in (select root from earlier_core_root_keys)
union all
select root, root_key
from earlier_core_root_keys
