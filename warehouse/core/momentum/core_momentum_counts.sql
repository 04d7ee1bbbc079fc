-- All-time downloads of a release at an age: the last reading at that age or in the three days before it.
-- grain: hub_id, age_days
-- Readings of incomplete listings and rolled-back snapshots are not used.
select
    models.hub_id,
    reads.age_days,
    models.task_class,
    models.size_bucket,
    models.downloads_now,
    max(reads.day) as day,
    max_by(reads.downloads_all_time, reads.day) as downloads_all_time
from core_momentum_models as models
join core_momentum_readings as reads using (hub_id)
join core_usable_days as used on used.day = reads.day and not used.is_rolled_back
group by models.hub_id, reads.age_days, models.task_class, models.size_bucket, models.downloads_now
