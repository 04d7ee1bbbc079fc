-- Our value of a figure that is a sum or share of counters in one complete listing.
-- grain: figure
-- A declared size comes from the files of a repository; curated sizes and sizes read from names are excluded.
with counted as (
    select
        windows.figure,
        published.measure,
        models.author = published.subject as is_of_account,
        models.layer in ('derivative', 'repackaged') as is_derived,
        models.size_bucket = '<1' as is_small,
        models.params_source in ('safetensors', 'gguf') as is_declared,
        tasks.modality is not null as is_text,
        days.downloads_30d,
        days.downloads_all_time
    from reproduction_windows as windows
    join registry_published as published
        on published.figure = windows.figure
        and published.measure in ('small_models_share', 'derivatives_share', 'account_text_share')
    join model_days as days on days.day = windows.our_until
    join models on models.hub_id = days.hub_id
    left join registry_tasks as tasks on tasks.pipeline_tag = models.pipeline_tag
)
select
    figure,
    case measure
        when 'small_models_share'
            then coalesce(sum(downloads_all_time) filter (where is_declared and is_small), 0)
                / nullif(sum(downloads_all_time) filter (where is_declared), 0)
        when 'derivatives_share'
            then coalesce(sum(downloads_30d) filter (where is_derived), 0) / nullif(sum(downloads_30d), 0)
        when 'account_text_share'
            then coalesce(sum(downloads_30d) filter (where is_text and is_of_account), 0)
                / nullif(sum(downloads_30d) filter (where is_text), 0)
    end::double as our_value
from counted
group by figure, measure
