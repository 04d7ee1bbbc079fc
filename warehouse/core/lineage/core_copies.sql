-- A used base that a repository is said to be a copy of, by its relation, files or name, and whether its name agrees.
-- grain: child_id, parent_ref
-- Accounts may declare any relation, and the Hub infers quantized from single files. A lab's repository is a copy if a
-- second sign says so: has_sign. Others' are no copy if their name says more than the base's: extra_word is then the first
-- word that is neither in the base's name, nor in an account's, nor a format, number or size. Of a repackager, only words
-- that say that the model was changed count.
with candidates as (
    select
        edges.child_id,
        edges.parent_ref,
        edges.relation,
        models.repo_name,
        models.quantization,
        models.is_gguf,
        coalesce(models.library_name in ('mlx', 'llama.cpp', 'exllamav2', 'onnx', 'openvino', 'ctranslate2'), false) as is_converted,
        publishers.publisher_role,
        coalesce(parents.repo_name, regexp_replace(edges.parent_ref, '^[^/]*/', '')) as parent_name,
        regexp_replace(
            lower(edges.parent_ref || coalesce(parents.repo_id, '') || coalesce(models.author, '')), '[^a-z0-9]', '', 'g'
        ) as known_text
    from core_edges as edges
    join core_latest_models as models on models.hub_id = edges.child_id
    join core_publishers as publishers on publishers.hub_id = edges.child_id
    left join core_latest_models as parents on parents.hub_id = edges.parent_id
    where edges.is_used
),
named as (
    select
        candidates.*,
        stems.stem,
        stems.has_precision,
        stems.modification,
        stems.stem = parent_stems.stem as is_same_stem
    from candidates
    join core_name_stems as stems using (repo_name)
    join core_name_stems as parent_stems on parent_stems.repo_name = candidates.parent_name
    where
        candidates.relation = 'quantized'
        or (candidates.relation in ('finetune', 'unknown') and (candidates.is_gguf or candidates.is_converted or stems.has_precision))
),
words as (
    select child_id, parent_ref, known_text, publisher_role, modification, unnest(string_split(stem, '-')) as word
    from named
    where publisher_role != 'lab'
),
extra_words as (
    select child_id, parent_ref, min(word) as extra_word
    from words
    where
        word != '' and strpos(known_text, word) = 0 and not regexp_matches(word, '^(v?[0-9]+x?|[ae]?[0-9]+[bmkt])$')
        and (publisher_role != 'repackager' or word = modification)
    group by child_id, parent_ref
)
select
    named.child_id,
    named.parent_ref,
    named.relation,
    named.publisher_role = 'lab' as is_lab,
    named.has_precision,
    named.has_precision or named.is_gguf or named.is_converted or coalesce(named.quantization = 'packed', false)
    or (named.is_same_stem and named.stem != '--') as has_sign,
    extra_words.extra_word
from named
left join extra_words using (child_id, parent_ref)
