-- How did the downloads of a model develop, day by day?
-- Here the most downloaded one; for another write: where repo_id = 'Qwen/Qwen3-8B'.
select day, repo_id, downloads, downloads_30d, downloads_all_time, likes
from model_history
where hub_id = (select hub_id from models_now where rank_30d = 1 order by hub_id limit 1)
order by day
