-- An all-time counter from a whole listing, with the one before it of the same repository.
-- grain: model_number, day
select
    numbers.model_number,
    days.day,
    days.downloads_30d,
    days.downloads_all_time,
    days.source != 'crawl' as is_imported,
    lag(days.day) over earlier as day_before,
    lag(days.downloads_all_time) over earlier as all_time_before,
    lag(days.source != 'crawl') over earlier as was_imported
from stg_model_days as days
join core_used_crawls as crawls using (crawl)
join core_numbers as numbers using (hub_id)
where days.downloads_all_time is not null
window earlier as (partition by numbers.model_number order by days.day)
