-- A drop of the all-time counter of one repository between two usable readings.
-- grain: hub_id, to_day
-- incremental: merge; hub_id varchar, from_day date, to_day date, change bigint
select
    keys.hub_id,
    steps.from_day,
    steps.to_day,
    steps.change
from core_counter_deltas as steps
join core_repository_keys as keys using (repository_key)
where steps.change < 0
union all
select
    earlier.hub_id,
    earlier.from_day,
    earlier.to_day,
    earlier.change
from earlier_core_counter_drops as earlier
left join core_unsettled_repositories as unsettled using (hub_id)
where unsettled.hub_id is null
