-- Counters are never below zero.
-- severity: fail
select hub_id, day, downloads_30d, downloads_all_time, likes
from stg_model_days
where downloads_30d < 0 or downloads_all_time < 0 or likes < 0
