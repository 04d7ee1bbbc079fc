-- A definition of the headline: the baseline, and the baseline with one setting changed.
-- grain: definition
select 1 as number, 'baseline' as definition, 'publisher' as lens
union all
select 2, 'by base model', 'root'
union all
select 3, 'originals only', 'publisher'
union all
select 4, 'without quantized copies', 'publisher'
union all
select 5, 'without models below 1B', 'publisher'
union all
select 6, 'without GGUF', 'publisher'
union all
select 7, 'each model capped at its 99th percentile', 'publisher'
union all
select 8, 'text models only', 'publisher'
union all
select 9, 'without the most downloaded model', 'publisher'
union all
select 10, 'contested organisations counted the other way', 'publisher'
