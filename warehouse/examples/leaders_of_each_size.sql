-- Which release leads each size class by all-time downloads?
with ranked as (
    select
        models.size_bucket,
        models.repo_id,
        models.publisher_origin,
        days.downloads_all_time,
        row_number() over (
            partition by models.size_bucket order by days.downloads_all_time desc, models.repo_id
        ) as place
    from models
    join model_days as days on days.hub_id = models.hub_id and days.day = models.last_seen
    where models.layer = 'release' and models.size_bucket is not null and days.downloads_all_time is not null
)
select size_bucket, repo_id, publisher_origin, downloads_all_time
from ranked
where place = 1
order by case when size_bucket = '<1' then 0 else regexp_extract(size_bucket, '^[0-9]+')::int end
