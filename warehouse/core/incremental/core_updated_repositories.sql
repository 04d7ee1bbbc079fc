-- A repository whose attributes were read since the earlier build; all in a full refresh.
-- grain: hub_id
select distinct hub_id
from stg_new_models
