-- A repository whose attributes were read since the earlier build; every repository if this build stands on none.
-- grain: hub_id
select distinct hub_id
from stg_new_models
