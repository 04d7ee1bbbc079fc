-- A ruler besides the Hub's downloads: what it counts, its licence and its credit line, by the newest reading.
-- grain: axis
with newest as (
    select axis, max(day) as read_on, min(first_day) as first_day, max(last_day) as last_day, count(*) as readings
    from lake_axis_crawls
    group by axis
)
select
    crawls.axis,
    crawls.title,
    crawls.unit,
    crawls.licence,
    crawls.licence_url,
    crawls.attribution,
    newest.first_day,
    newest.last_day,
    newest.read_on,
    newest.readings
from newest
join lake_axis_crawls as crawls on crawls.axis = newest.axis and crawls.day = newest.read_on
