-- A measure by which published figures are computed here: which listing it needs, and over what time it runs.
-- grain: measure
-- Needs: hub, every public model; account, all models of registered organisations; list, models that the reader names.
-- Runs over: reading, the counters of one day; flow, the downloads booked within a window; month, what a month created.
select 'list_downloads' as measure, 'list' as needs, 'reading' as runs_over
union all
select 'new_derivatives_share', 'hub', 'month'
union all
select 'downloads_share', 'hub', 'flow'
union all
select 'account_derivatives', 'hub', 'reading'
union all
select 'account_downloads', 'account', 'flow'
union all
select 'gguf_downloads', 'hub', 'reading'
union all
select 'small_models_share', 'hub', 'reading'
union all
select 'derivatives_share', 'hub', 'reading'
union all
select 'account_text_share', 'hub', 'reading'
union all
select 'descendants', 'hub', 'reading'
