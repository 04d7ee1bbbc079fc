-- A base that counts, with its share of the repository: 1 divided by the number of used bases.
-- grain: child_id, parent_ref
-- Only the links that edges marks as used, sorted by base, so that lineage is quick to follow in both directions.
select
    child_id,
    parent_id,
    parent_ref,
    relation,
    share
from core_used_edges
order by parent_id, child_id
