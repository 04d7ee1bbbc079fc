-- A day with known downloads, and the number of such days among the seven around it: the divisor of 7-day means.
-- grain: day
with booked as (
    select distinct day
    from group_days
    where downloads is not null
)
select
    day,
    count(*) over (order by day range between interval 3 days preceding and interval 3 days following) as known_days
from booked
