-- A repository whose day of creation is not the one that its first downloads were told from.
-- grain: hub_id
-- carried: not at all, if there is one
select earlier.hub_id
from earlier_core_first_readings as earlier
left join core_latest_models as models using (hub_id)
where case when models.created_at is not null then least(models.created_at::date, earlier.day) end
    is distinct from earlier.created_on
