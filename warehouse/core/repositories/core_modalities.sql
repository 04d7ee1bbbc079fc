-- Tasks of the Hub whose models write text, and whether they take text only or images and video as well.
-- grain: pipeline_tag
-- Other tasks (embeddings, speech, image generation, ...) have no modality here.
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
