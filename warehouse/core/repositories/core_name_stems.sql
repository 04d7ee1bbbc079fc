-- What a repository's name says: a format or precision, a modification, and what is left without formats.
-- grain: repo_name
-- Names of repositories whose classification may have changed, and of their bases. The words of a name are separated by
-- hyphens, underscores, dots or spaces. The stem is the name without the words of formats, each word between two hyphens.
-- has_precision: a word says that weights were stored in fewer bits or as GGUF. is_modified: a word says that the model
-- itself was changed.
with names as (
    select models.repo_name
    from core_repositories_to_rebuild
    join core_latest_models as models using (hub_id)
    union
    select models.repo_name
    from core_edges as edges
    join core_latest_models as models on models.hub_id = edges.parent_id
    where edges.is_used
    union
    select regexp_replace(parent_ref, '^[^/]*/', '') as repo_name
    from core_edges
    where is_used and parent_id is null
),
spaced as (
    select
        repo_name,
        '-' || regexp_replace(lower(repo_name), '[-_. ]+', '--', 'g') || '-' as words
    from names
)
select
    repo_name,
    regexp_replace(
        words,
        '-(ggufs?|ggml|imatrix|imat|i1|ud|gptq|gptqmodel|awq|exl[23]|exllamav[23]|hqq|aqlm|eetq|vptq|bnb|bitsandbytes|mlx|onnx'
        || '|openvino|ov|coreml|tflite|litert|litertlm|lm|ct2|ctranslate2|executorch|pte|rknn[0-9]*|mnn|tensorrt|trt|trtllm'
        || '|vllm|llamafile|quark|modelopt|autoround|auto|round|compressed|tensors|llmcompressor|marlin|static|dynamic|unquantized'
        || '|quantized|quantised|quants?|qat|ptq|sym|mixed|hybrid|block|(rocm|nv|mx|b)*(fp|nf|f|int)x?[0-9]+(a[0-9]+)?'
        || '|u?int[0-9]+|bf16|e[0-9]m[0-9]|w[0-9]+a[0-9]+|[io]*t?q[0-9]+e?|[0-9]*bits?|[0-9]*bpw|k|m|s|l|xx?s|xx?l|nl|gs?[0-9]+'
        || '|[0-9]+gb|vram|mtp|mtplx|native|preserved|apex|convrot|npu[0-9]*|axq|jang|ninfer|glq|rtx[0-9]+|strix|optimi[sz]ed'
        || '|speed|quality|hf|transformers|diffusers|comfyui|comfy|repackaged|split|files|safetensors)-',
        '',
        'g'
    ) as stem,
    regexp_matches(
        words,
        '-(ggufs?|ggml|gptq|awq|exl[23]|hqq|aqlm|eetq|bnb|bitsandbytes|mlx|(nv|mx)?fp[468]|nf4|u?int[23468]|w[0-9]+a[0-9]+'
        || '|i?q[0-9]|[0-9]+bits?|[0-9]+bpw|quantized|quantised)-'
        || '|-[0-9]+--bits?-'
    ) as has_precision,
    regexp_extract(
        words,
        '-(uncensored|decensored|unfiltered|abliterat[a-z]*|obliterated|derestricted|heretic|distill[a-z]*|finetuned?|merged?'
        || '|lora|pruned|reap|roleplay|nsfw|jailbr[a-z]*)-',
        1
    ) as modification
from spaced
