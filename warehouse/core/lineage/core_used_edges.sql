-- A base that counts, with its share of the repository: 1 divided by the number of used bases.
-- grain: child_id, parent_ref
-- incremental: delete+insert core_repositories_to_rebuild
-- relation: as declared, but finetune for a quantized copy that is none (core_copies). has_size_of_base: its files are
-- quantized, whether the model was changed before or not.
select
    edges.child_id,
    edges.parent_id,
    edges.parent_ref,
    edges.parent_author,
    case
        when edges.relation = 'quantized' and copies.is_lab and not copies.has_sign then 'finetune'
        when edges.relation = 'quantized' and copies.extra_word is not null then 'finetune'
        else edges.relation
    end as relation,
    edges.relation = 'quantized' and not coalesce(copies.is_lab and not copies.has_sign, false) as has_size_of_base,
    1.0::double / count(*) over (partition by edges.child_id) as share
from core_edges as edges
left join core_copies as copies using (child_id, parent_ref)
where edges.is_used
