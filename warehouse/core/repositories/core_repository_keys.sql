-- Integer key of a repository, so that millions of readings are joined by integers instead of text.
-- grain: hub_id
-- Keys are valid within one build only.
select
    hub_id,
    row_number() over (order by hub_id)::integer as repository_key
from core_first_last_seen
