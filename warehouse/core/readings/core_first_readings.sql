-- First usable counter of a repository, and the day on which its counter is known to have been zero.
-- grain: hub_id
-- incremental: merge; hub_id varchar, repository_key integer, day date, downloads_all_time bigint, is_imported boolean, created_on date, is_new boolean, is_late boolean, zero_on date, is_settled boolean, is_recomputed boolean
-- is_new: created after the last complete listing that covers the repository and did not have it. Imports cannot prove
--   that, because an archive need not contain every repository.
-- is_late: existed before that listing, which did not have it, so it was merely new to us.
-- zero_on: the day before creation, or the last listing without the repository if that is later; known for new
--   repositories, and for those created within the 30 days before this reading.
-- is_settled: no later day can change the downloads before this reading.
-- is_recomputed: this build calculates the downloads before this reading, because the earlier build did not have it or
--   could not settle it or a later drop. Other rows are unchanged and have no repository_key.
with pending_drops as (
    select keys.hub_id, min(drops.first_day) as first_day
    from core_drop_recoveries as drops
    join core_repository_keys as keys using (repository_key)
    where drops.is_pending
    group by keys.hub_id
),
firsts as (
    select
        readings.repository_key,
        min(readings.day) as day,
        min_by(readings.downloads_all_time, readings.day) as downloads_all_time,
        min_by(readings.is_imported, readings.day) as is_imported
    from core_readings as readings
    join core_usable_days as used on used.day = readings.day and used.is_used
    group by readings.repository_key
),
known as (
    select hub_id, day, downloads_all_time, is_imported
    from earlier_core_first_readings
    where hub_id in (select hub_id from core_unsettled_repositories)
    union all
    select keys.hub_id, firsts.day, firsts.downloads_all_time, firsts.is_imported
    from firsts
    join core_repository_keys as keys using (repository_key)
    where keys.hub_id not in (select hub_id from earlier_core_first_readings)
),
listed_before as (
    select
        seen.first_seen,
        seen.first_scope,
        max(crawls.day) as day
    from (select distinct first_seen, first_scope from core_first_last_seen) as seen
    join core_usable_crawls as crawls
        on crawls.source = 'crawl' and crawls.day < seen.first_seen
        and (crawls.scope = seen.first_scope or crawls.scope = 'hub')
    group by seen.first_seen, seen.first_scope
),
reads as (
    select
        known.*,
        keys.repository_key,
        case when models.created_at is not null then least(models.created_at::date, known.day) end as created_on,
        listed_before.day as missing_on
    from known
    join core_repository_keys as keys using (hub_id)
    join core_first_last_seen as seen using (hub_id)
    left join core_latest_models as models using (hub_id)
    left join listed_before using (first_seen, first_scope)
)
select
    hub_id, repository_key, day, downloads_all_time, is_imported, created_on,
    coalesce(created_on >= missing_on, false) as is_new,
    missing_on is not null and coalesce(created_on < missing_on, true) as is_late,
    case
        when created_on >= missing_on then greatest(created_on - 1, missing_on)
        when created_on > day - 30 then created_on - 1
    end as zero_on,
    coalesce(created_on >= missing_on, false)
    or (day + 29 <= (select max(day) from core_usable_days where is_used) and coalesce(first_day >= day + 30, true))
        as is_settled,
    true as is_recomputed
from reads
left join pending_drops using (hub_id)
union all
select
    hub_id, null::integer as repository_key, day, downloads_all_time, is_imported, created_on, is_new, is_late, zero_on,
    is_settled, false as is_recomputed
from earlier_core_first_readings
where hub_id not in (select hub_id from core_unsettled_repositories)
