-- A drop of the all-time counter of one repository between two usable readings, with its repository's id.
-- grain: hub_id, from_day
-- incremental: merge; hub_id varchar, from_day date, first_day date, to_day date, change bigint, dropped bigint, is_recovered boolean, is_pending boolean
-- See core_drop_recoveries for the columns.
select
    keys.hub_id,
    drops.from_day,
    drops.first_day,
    drops.to_day,
    drops.change,
    drops.dropped,
    drops.is_recovered,
    drops.is_pending
from core_drop_recoveries as drops
join core_repository_keys as keys using (repository_key)
union all
select
    earlier.hub_id,
    earlier.from_day,
    earlier.first_day,
    earlier.to_day,
    earlier.change,
    earlier.dropped,
    earlier.is_recovered,
    earlier.is_pending
from earlier_core_counter_drops as earlier
left join core_unsettled_repositories as unsettled using (hub_id)
where unsettled.hub_id is null
