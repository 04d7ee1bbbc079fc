-- The format in which a repository holds its model, or how it was made from others.
-- grain: hub_id
-- GGUF, MLX, AWQ, GPTQ and FP8 (also NVFP4 and other formats of 4 or 8 floating-point bits) by files, library or name; then
-- adapter, merge and finetune by the declared relation and the layer; copy is a repackaged model in another format.
with relations as (
    select
        child_id as hub_id,
        max(case when relation = 'adapter' then 1 else 0 end) as is_adapter,
        max(case when relation = 'merge' then 1 else 0 end) as is_merge
    from edges
    where is_used
    group by child_id
),
named as (
    select
        hub_id,
        layer,
        library_name,
        is_gguf,
        '-' || regexp_replace(lower(regexp_replace(repo_id, '^[^/]*/', '')), '[-_. ]+', '-', 'g') || '-' as words
    from models
)
select
    named.hub_id,
    case
        when named.is_gguf then 'GGUF'
        when named.library_name = 'mlx' or strpos(named.words, '-mlx-') > 0 then 'MLX'
        when strpos(named.words, '-awq-') > 0 then 'AWQ'
        when regexp_matches(named.words, '-gptq(model)?-') then 'GPTQ'
        when regexp_matches(named.words, '-(nv|mx)?fp[48]-') then 'FP8'
        when coalesce(relations.is_adapter, 0) = 1 or coalesce(named.library_name = 'peft', false) then 'adapter'
        when coalesce(relations.is_merge, 0) = 1 then 'merge'
        when named.layer = 'repackaged' then 'copy'
        when named.layer = 'derivative' then 'finetune'
        when named.layer = 'release' then 'original'
        else 'other'
    end as format
from named
left join relations on relations.hub_id = named.hub_id
order by named.hub_id
