-- Repositories with a visible part of the 30-day downloads or likes of their task class, on the days of comparison_days.
-- grain: hub_id
-- All others have less than a 25,000th of the sums of both days, so the models that weigh most are found among a few
-- thousand repositories, whatever the size of the Hub. The columns `before` are those of day_before.
with now as (
    select days.*
    from model_days as days
    join comparison_days as compared on compared.last_day = days.day
),
before as (
    select days.*
    from model_days as days
    join comparison_days as compared on compared.day_before = days.day
),
counts as (
    select
        models.hub_id, models.repo_id, models.created_at, models.publisher_origin, models.root_origin, models.task_class,
        models.layer, models.counted_layer, models.size_bucket, models.is_gguf,
        now.hub_id is not null as is_read,
        before.hub_id is not null as is_read_before,
        now.downloads_30d,
        before.downloads_30d as downloads_30d_before,
        now.likes,
        before.likes as likes_before
    from models
    left join now on now.hub_id = models.hub_id
    left join before on before.hub_id = models.hub_id
),
sums as (
    select
        task_class,
        sum(downloads_30d) / 25000 as downloads_30d,
        sum(downloads_30d_before) / 25000 as downloads_30d_before,
        sum(likes) / 25000 as likes,
        sum(likes_before) / 25000 as likes_before
    from counts
    group by task_class
)
select counts.*
from counts
join sums on sums.task_class is not distinct from counts.task_class
where counts.downloads_30d >= sums.downloads_30d or counts.downloads_30d_before >= sums.downloads_30d_before
    or counts.likes >= sums.likes or counts.likes_before >= sums.likes_before
order by counts.hub_id
