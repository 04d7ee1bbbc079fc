-- The readings of each used day sum to what adoption_days has of that day.
-- severity: fail
with read as (
    select
        days.day,
        sum(days.downloads_30d) as downloads_30d,
        count(*) as models
    from stg_model_days as days
    join stg_crawls as crawls using (crawl)
    where crawls.is_complete
    group by days.day
),
counted as (
    select
        day,
        sum(downloads_30d) as downloads_30d,
        sum(models) as models
    from adoption_days
    where lens = 'publisher'
    group by day
)
select
    day,
    read.models as models_read,
    counted.models as models_counted,
    read.downloads_30d as downloads_read,
    counted.downloads_30d as downloads_counted
from read
full join counted using (day)
where read.models is distinct from counted.models or read.downloads_30d is distinct from counted.downloads_30d
