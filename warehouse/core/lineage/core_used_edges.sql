-- A base that counts, with its share of the repository: 1 divided by the number of used bases.
-- grain: child_id, parent_ref
-- incremental: delete+insert core_repositories_to_rebuild
select
    child_id,
    parent_id,
    parent_ref,
    parent_author,
    relation,
    1.0::double / count(*) over (partition by child_id) as share
from core_edges
where is_used
