-- Which countries' models are downloaded this month, by publisher?
-- Language models.
with this_month as (
    select origin, sum(downloads) as downloads
    from adoption_days
    where lens = 'publisher' and task_class = 'language'
        and date_trunc('month', day) = (select date_trunc('month', last_day) from build)
    group by origin
)
select
    coalesce(origins.name, this_month.origin) as country,
    this_month.downloads,
    this_month.downloads / sum(this_month.downloads) over () as share
from this_month
left join origins on origins.code = this_month.origin
where this_month.downloads is not null
order by share desc, country
