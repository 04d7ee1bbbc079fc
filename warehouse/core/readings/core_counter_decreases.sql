-- A usable reading whose all-time counter is lower than the previous usable one of its repository.
-- grain: hub_id, day
-- incremental: append
select
    keys.hub_id,
    deltas.to_day as day
from core_counter_deltas as deltas
join core_repository_keys as keys using (repository_key)
where deltas.change < 0
