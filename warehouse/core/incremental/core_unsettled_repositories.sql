-- A repository with downloads that the earlier build could not settle, so this build calculates them again.
-- grain: hub_id
-- Either its first downloads, or those since its counter dropped.
select hub_id
from earlier_core_first_readings
where not is_settled
union
select hub_id
from earlier_core_counter_drops
where is_pending
