-- The first used counter of a repository, and the day on which it is known to have been zero, if there is one.
-- grain: model_number
-- Born: created after the last whole listing that covers it and did not have it. Young: created within the 30 days that
-- the 30-day count of its first reading covers.
with seen as (
    select
        hub_id,
        min(day) as first_seen,
        min_by(scope, day) as scope
    from stg_model_days
    group by hub_id
),
listed_before as (
    select
        seen.hub_id,
        max(crawls.day) as day
    from seen
    join core_used_crawls as crawls
        on crawls.day < seen.first_seen and (crawls.scope = seen.scope or crawls.scope = 'hub')
    group by seen.hub_id
),
firsts as (
    select
        readings.model_number,
        min(readings.day) as day,
        min_by(readings.downloads_all_time, readings.day) as downloads_all_time,
        min_by(readings.is_imported, readings.day) as is_imported
    from core_readings as readings
    join core_used_days as used on used.day = readings.day and used.is_used
    group by readings.model_number
),
reads as (
    select
        firsts.*,
        case when models.created_at is not null then least(models.created_at::date, firsts.day) end as created_on,
        listed_before.day as missing_on
    from firsts
    join core_numbers as numbers using (model_number)
    left join core_latest_models as models using (hub_id)
    left join listed_before using (hub_id)
)
select
    model_number,
    day,
    downloads_all_time,
    is_imported,
    coalesce(created_on >= missing_on, false) as is_born,
    case
        when created_on >= missing_on then greatest(created_on - 1, missing_on)
        when created_on > day - 30 then created_on - 1
    end as zero_on
from reads
