-- A repository whose creation date differs from the one its first downloads were based on.
-- grain: hub_id
-- incremental: full refresh if any row
select earlier.hub_id
from earlier_core_first_readings as earlier
left join core_latest_models as models using (hub_id)
where case when models.created_at is not null then least(models.created_at::date, earlier.day) end
    is distinct from earlier.created_on
