-- A fall of the all-time counter of one repository between two used readings.
-- grain: hub_id, to_day
-- carried: merged; hub_id varchar, from_day date, to_day date, change bigint
select
    numbers.hub_id,
    steps.from_day,
    steps.to_day,
    steps.change
from core_steps as steps
join core_numbers as numbers using (model_number)
where steps.change < 0
union all
select
    earlier.hub_id,
    earlier.from_day,
    earlier.to_day,
    earlier.change
from earlier_core_falls as earlier
left join core_open_repositories as reopened using (hub_id)
where reopened.hub_id is null
