-- The hours of a day, UTC, in which our own crawls read.
-- grain: day
-- incremental: append
select
    day,
    min(extract(hour from read_at)) as first_hour,
    max(extract(hour from read_at)) as last_hour
from stg_new_days
where source = 'crawl' and read_at is not null
group by day
