-- Which release leads each size class by all-time downloads?
with ranked as (
    select
        size_bucket,
        repo_id,
        origin_name,
        downloads_all_time,
        row_number() over (partition by size_bucket order by downloads_all_time desc, repo_id) as place
    from models_now
    where layer = 'release' and size_bucket is not null and downloads_all_time is not null
)
select size_bucket, repo_id, origin_name, downloads_all_time
from ranked
where place = 1
order by size_bucket
