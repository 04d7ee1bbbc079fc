-- A base that counts, with its share of the repository: one part in as many as the repository has used bases.
-- grain: child_id, parent_ref
-- Only the links of edges that are used, in the order of their bases, so that lineage is quick to follow either way.
select
    child_id,
    parent_id,
    parent_ref,
    relation,
    share
from core_used_edges
order by parent_id, child_id
