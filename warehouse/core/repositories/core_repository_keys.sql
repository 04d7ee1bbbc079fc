-- A repository with a small number of its own, so that millions of readings are matched by number and not by text.
-- grain: hub_id
-- The numbers are those of one build; they mean nothing outside it.
select
    hub_id,
    row_number() over (order by hub_id)::integer as repository_key
from core_first_last_seen
