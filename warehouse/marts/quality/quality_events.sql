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
union all
select
    case when kind = 'arrived' then 'late arrival' else 'departure' end as kind,
    day,
    hub_id,
    repo_id || case when kind = 'arrived' then ' was not read before' else ' is no longer read' end
    || ': ' || round(100 * share, 1)::varchar || '% of the downloads of its class',
    'moves the sums and shares from this day on; a change of more than 5% begins a new segment'
from large_changes
where kind in ('arrived', 'left')
