-- A data issue: what was found, and how it was handled.
-- grain: kind, day, hub_id, detail
select
    kind,
    day,
    null::varchar as hub_id,
    detail,
    handling
from core_listing_events
union all
select
    kind,
    day,
    null,
    detail,
    handling
from core_snapshot_events
union all
select
    kind,
    day,
    null,
    detail,
    handling
from core_backcast_events
union all
select
    kind,
    day,
    hub_id,
    detail,
    handling
from core_repository_events
