-- Downloads of a repository in the periods of rankings, and in the same periods 30 days earlier.
-- grain: hub_id
-- The 30 days and the all-time figures are counters, the others estimated downloads up to the last known day; NULL where a
-- part of the period is not known. Periods are those of comparison_days. All time, models whose earlier counter is
-- unknown count as unchanged. A model that is new, created in the last 30 days, had no downloads before.
with read_before as (
    select days.hub_id, days.downloads_30d, days.downloads_all_time
    from model_days as days
    join coverage_days as coverage on coverage.day = days.day and coverage.scope = days.scope
    where coverage.is_used and days.day = (select day_before from comparison_days)
),
flows as (
    select
        flows.hub_id,
        sum(case when flows.day > days.known_until - 7 then flows.downloads end)::bigint as downloads_7d,
        sum(case when flows.day > days.known_until - 14 and flows.day <= days.known_until - 7 then flows.downloads end)::bigint
            as downloads_7d_previous,
        sum(case when flows.day > days.known_until - 37 and flows.day <= days.known_until - 30 then flows.downloads end)::bigint
            as downloads_7d_before,
        sum(case when flows.day > days.known_until - 90 then flows.downloads end)::bigint as downloads_90d,
        sum(case when flows.day <= days.known_until - 30 then flows.downloads end)::bigint as downloads_90d_before
    from model_flows as flows
    join comparison_days as days on flows.day > days.known_until - 120 and flows.day <= days.known_until
    group by flows.hub_id
)
select
    models.hub_id,
    keys.repository_key,
    models.repo_id,
    models.author,
    models.publisher_lab,
    models.publisher_origin,
    models.family,
    models.task_class,
    models.counted_layer,
    models.size_bucket,
    formats.format,
    coalesce(models.created_at::date > coalesce(days.day_before, days.known_until - 30), false) as is_new,
    case when days.known_until - 6 >= days.known_from then flows.downloads_7d end as downloads_7d,
    case when days.known_until - 13 >= days.known_from then flows.downloads_7d_previous end as downloads_7d_previous,
    case when days.known_until - 36 >= days.known_from then flows.downloads_7d_before end as downloads_7d_before,
    case when models.is_listed then counts.downloads_30d end as downloads_30d,
    read_before.downloads_30d as downloads_30d_before,
    case when days.known_until - 89 >= days.known_from then flows.downloads_90d end as downloads_90d,
    case when days.known_until - 119 >= days.known_from then flows.downloads_90d_before end as downloads_90d_before,
    case when models.is_listed then counts.downloads_all_time end as downloads_all_time,
    case
        when not models.is_listed or days.day_before is null then null
        when read_before.downloads_all_time is not null then read_before.downloads_all_time
        when models.created_at::date > days.day_before then 0
        else counts.downloads_all_time
    end as downloads_all_time_before
from models
cross join comparison_days as days
join core_repository_keys as keys on keys.hub_id = models.hub_id
join model_formats as formats on formats.hub_id = models.hub_id
left join latest_counts as counts on counts.hub_id = models.hub_id
left join flows on flows.hub_id = models.hub_id
left join read_before on read_before.hub_id = models.hub_id
where models.hub_id not in (select hub_id from core_uncounted_repositories)
order by keys.repository_key
