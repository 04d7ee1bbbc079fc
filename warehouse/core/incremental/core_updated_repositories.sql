-- A repository whose attributes were read since the earlier build, or that a changed registry concerns; all in a full refresh.
-- grain: hub_id
select hub_id
from stg_new_models
union
select hub_id
from core_repositories_of_changed_entries
