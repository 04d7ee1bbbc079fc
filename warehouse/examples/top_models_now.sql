-- Which models are downloaded most now?
select rank_30d, repo_id, lab_name, origin_name, size_bucket, downloads_30d, downloads_30d_change_percent
from models_now
where task_class = 'language'
order by downloads_30d desc nulls last, repo_id
limit 25
