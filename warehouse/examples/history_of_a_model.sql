-- How did the downloads of a model develop, day by day?
select day, repo_id, downloads, downloads_30d, downloads_all_time, likes
from model_history
where repo_id = 'Qwen/Qwen3-8B'
order by day
