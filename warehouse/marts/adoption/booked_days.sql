-- A day with known downloads, and how many of the seven days around it have any: what a centred 7-day mean divides by.
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
