-- A measure that reproduces published figures: the listing it needs, and the time it covers.
-- grain: measure
-- needs: hub (all public models), account (all models of registered organisations), list (models named by the reader).
-- runs_over: reading (counters of one day), flow (downloads in a time window), month (repositories created in a month).
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
