-- A day with several crawls or imports.
-- grain: day
select day
from lake_crawls
group by day
having count(*) > 1
