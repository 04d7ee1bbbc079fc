-- Which country builds on which, by this month's downloads of derivatives and quantized copies?
-- Language models.
select
    publisher_origin,
    coalesce(root_origin, 'unknown') as root_origin,
    sum(models) as models,
    sum(downloads) as downloads
from origin_flows
where task_class = 'language' and month = (select date_trunc('month', last_day)::date from build) and layer in ('derivative', 'repackaged')
group by publisher_origin, coalesce(root_origin, 'unknown')
order by downloads desc nulls last, publisher_origin, root_origin
