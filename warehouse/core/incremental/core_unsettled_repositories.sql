-- A repository whose first downloads the earlier build could not settle, so this build calculates them again.
-- grain: hub_id
select hub_id
from earlier_core_first_readings
where not is_settled
