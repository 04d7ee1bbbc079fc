-- A day of the earlier build that has become usable, or stopped being usable, because of later days.
-- grain: day
-- incremental: full refresh if any row
select day
from earlier_core_usable_days as earlier
join core_usable_days as days using (day)
where days.is_used is distinct from earlier.is_used
