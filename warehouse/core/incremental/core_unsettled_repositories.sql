-- A repository whose downloads the earlier build could not settle, so that this one tells all of them anew.
-- grain: hub_id
select hub_id
from earlier_core_first_readings
where not is_settled
