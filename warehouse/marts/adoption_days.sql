-- Counters of a day summed over the repositories listed that day, by where they are counted.
-- grain: day, lens, origin, lab, family, layer, size_bucket
-- Readings of crawls whose listing was not whole are left out: a shorter list is not a fall.
select
    days.day,
    'publisher' as lens,
    models.publisher_origin as origin,
    models.publisher_lab as lab,
    models.family,
    models.layer,
    models.size_bucket,
    count(*)::double as models,
    null::double as downloads,
    null::double as downloads_7d_mean,
    sum(days.downloads_30d)::double as downloads_30d,
    sum(days.downloads_all_time)::double as downloads_all_time,
    sum(days.likes)::double as likes
from stg_model_days as days
join models using (hub_id)
join stg_crawls as crawls using (crawl)
where crawls.is_complete
group by days.day, models.publisher_origin, models.publisher_lab, models.family, models.layer, models.size_bucket
