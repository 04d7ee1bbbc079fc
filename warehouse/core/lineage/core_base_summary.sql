-- Used bases of a repository in summary: relations, and whether they belong to the same lab or account.
-- grain: hub_id
-- is_quantized: counts as a quantized copy; is_declared_quantized: is declared as one but is none. extra_word: its name
-- says this beyond the name of a base that it is said to be a copy of.
-- A base is a repository's own if both belong to one lab. foreign_ref is a base that shares neither lab nor account
-- with it.
with owned as (
    select
        edges.child_id as hub_id,
        edges.relation,
        edges.parent_ref,
        copies.relation as declared_relation,
        copies.has_precision,
        copies.extra_word,
        coalesce(coalesce(parents.publisher_lab, named.lab) = publishers.publisher_lab, false) as is_own_labs,
        coalesce(coalesce(bases.author, edges.parent_author) = models.author, false) as is_own_accounts
    from new_core_used_edges as edges
    join core_latest_models as models on models.hub_id = edges.child_id
    join core_publishers as publishers on publishers.hub_id = edges.child_id
    left join core_copies as copies using (child_id, parent_ref)
    left join core_latest_models as bases on bases.hub_id = edges.parent_id
    left join core_publishers as parents on parents.hub_id = edges.parent_id
    left join core_unresolved_bases as named on edges.parent_id is null and named.parent_ref = edges.parent_ref
)
select
    hub_id,
    bool_or(relation = 'quantized') as is_quantized,
    bool_or(declared_relation = 'quantized' and relation != 'quantized') as is_declared_quantized,
    coalesce(bool_or(has_precision), false) as has_precision,
    min(extra_word) as extra_word,
    bool_or(relation in ('adapter', 'merge')) as is_adapter_or_merge,
    bool_and(is_own_labs) as is_own_base,
    min(parent_ref) as parent_ref,
    min(case when not (is_own_labs or is_own_accounts) then parent_ref end) as foreign_ref
from owned
group by hub_id
