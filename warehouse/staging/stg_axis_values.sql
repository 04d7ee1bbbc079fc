-- What an entry of another ruler counts on a day: of several readings of a day the newest, all entries of it.
-- grain: axis, entity, metric, day
-- A newer reading replaces a whole day, because an entry that it lacks has left the list and is in its rest.
with newest as (
    select axis, metric, day, max(read_at) as read_at
    from lake_axis_days
    group by axis, metric, day
)
select
    days.axis,
    days.entity_kind,
    days.entity,
    days.hub_id,
    days.repo_id,
    days.day,
    days.metric,
    days.value,
    days.is_cumulative,
    days.precision,
    days.read_at,
    days.source_revision
from lake_axis_days as days
join newest using (axis, metric, day, read_at)
