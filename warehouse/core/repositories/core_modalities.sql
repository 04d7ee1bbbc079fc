-- A task of the Hub whose models write text, and whether they take text alone or pictures and film too.
-- grain: pipeline_tag
-- Tasks that are not here (embeddings, speech, image generation, ...) count as neither.
select 'text-generation' as pipeline_tag, 'text' as modality
union all
select 'text2text-generation', 'text'
union all
select 'image-text-to-text', 'vision-language'
union all
select 'video-text-to-text', 'vision-language'
union all
select 'visual-question-answering', 'vision-language'
union all
select 'any-to-any', 'vision-language'
