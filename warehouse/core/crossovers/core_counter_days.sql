-- A day at whose end the all-time counters are known: read, or implied by the 30-day counters of a later reading.
-- grain: day
-- Downloads between two such days are known only as one sum, which model_flows spreads evenly over the days.
with used as (
    select day
    from core_usable_days
    where is_used
)
select day
from used
union
select day - 30 as day
from used
where day < (select min(day) from used) + 30
