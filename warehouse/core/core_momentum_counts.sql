-- All-time downloads of a measured model at an age: the last reading at that age or in the three days before it.
-- grain: hub_id, age_days
-- Readings of listings that were not whole, and of snapshots that were set aside, are not used.
with ages as (
    select 7 as age_days
    union all
    select 14
    union all
    select 30
    union all
    select 60
    union all
    select 90
    union all
    select 180
    union all
    select 365
)
select
    models.hub_id,
    ages.age_days,
    models.size_bucket,
    models.downloads_now,
    max_by(reads.downloads_all_time, reads.day) as downloads_all_time
from core_momentum_models as models
join stg_model_days as reads on reads.hub_id = models.hub_id and reads.downloads_all_time is not null
join core_used_crawls as crawls using (day, scope)
join core_used_days as used on used.day = reads.day and not used.is_rolled_back
join ages on reads.day - models.released_on between ages.age_days - 3 and ages.age_days
group by models.hub_id, ages.age_days, models.size_bucket, models.downloads_now
