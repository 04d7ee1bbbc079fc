-- A repository that is listed now: names next to codes, size, last counters, ranks, and changes in 30 days.
-- grain: hub_id
-- Sums over rows are right. Text compares without regard to case: family = 'Qwen' finds qwen. Buckets sort by size.
with counts_before as (
    select
        days.hub_id, days.downloads_30d, days.likes,
        case when days.downloads_30d is not null then rank() over (order by days.downloads_30d desc nulls last) end as rank_30d
    from model_days as days
    join coverage_days as coverage on coverage.day = days.day and coverage.scope = days.scope
    where coverage.is_used and days.day = (select day_before from steps.comparison_days)
)
select
    models.repo_id collate nocase as repo_id,
    models.hub_id,
    models.author collate nocase as author,
    models.publisher_origin collate nocase as origin,
    coalesce(origins.name, case when models.publisher_origin = 'unaffiliated' then 'Unaffiliated' end) collate nocase
        as origin_name,
    origins.region collate nocase as region,
    models.publisher_lab collate nocase as lab,
    labs.name collate nocase as lab_name,
    models.publisher_role as role,
    models.family collate nocase as family,
    families.name collate nocase as family_name,
    models.generation collate nocase as generation,
    models.task_class collate nocase as task_class,
    models.pipeline_tag,
    models.layer collate nocase as layer,
    models.is_by_maker,
    models.root_origin collate nocase as root_origin,
    coalesce(root_origins.name, case when models.root_origin = 'unaffiliated' then 'Unaffiliated' end) collate nocase
        as root_origin_name,
    models.root_family collate nocase as root_family,
    root_families.name collate nocase as root_family_name,
    models.is_mixed_origin,
    models.created_at,
    models.released_on,
    models.last_modified,
    models.params_total,
    models.params_active,
    models.size_bucket::enum('<1', '1-5', '5-10', '10-50', '50-100', '100-250', '250+') as size_bucket,
    case models.size_bucket
        when '<1' then 1 when '1-5' then 2 when '5-10' then 3 when '10-50' then 4 when '50-100' then 5
        when '100-250' then 6 when '250+' then 7
    end as size_order,
    models.is_gguf,
    models.library_name,
    models.license collate nocase as license,
    models.gated,
    counts.day,
    counts.downloads_30d,
    counts_before.downloads_30d as downloads_30d_before,
    counts.downloads_30d - counts_before.downloads_30d as downloads_30d_change,
    100.0 * (counts.downloads_30d - counts_before.downloads_30d) / nullif(counts_before.downloads_30d, 0)
        as downloads_30d_change_percent,
    counts.downloads_all_time,
    counts.likes,
    counts.likes - counts_before.likes as likes_change_30d,
    counts.trending_score,
    counts.rank_30d,
    case
        when counts.rank_30d is not null and models.task_class is not null
            then rank() over (partition by models.task_class order by counts.downloads_30d desc nulls last)
    end as rank_30d_in_class,
    counts_before.rank_30d - counts.rank_30d as rank_30d_change
from models
join steps.latest_counts as counts on counts.hub_id = models.hub_id
left join counts_before on counts_before.hub_id = models.hub_id
left join origins on origins.code = models.publisher_origin
left join labs on labs.lab = models.publisher_lab
left join families on families.family = models.family
left join origins as root_origins on root_origins.code = models.root_origin
left join families as root_families on root_families.family = models.root_family
where models.is_listed
