-- A day of the earlier build that later days have made usable, unusable or a day of another series.
-- grain: day
-- incremental: full refresh if any row
select day
from earlier_core_usable_days as earlier
join core_usable_days as days using (day)
where days.is_used is distinct from earlier.is_used
union
select day
from earlier_core_scope_days as earlier
join core_scope_days as days using (day)
where days.width is distinct from earlier.width or days.whole_before is distinct from earlier.whole_before
