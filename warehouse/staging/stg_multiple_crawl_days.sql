-- A day of which several crawls or imports tell.
-- grain: day
select day
from lake_crawls
group by day
having count(*) > 1
