-- How well 30-day counts told the all-time counters of 30 days before, on a day that can be held against readings.
-- grain: day
-- Says how far the days before the first reading can be trusted; the events of kind 'identity deviation' are these rows
-- in words.
select
    day,
    day - 30 as compared_day,
    repositories,
    off::bigint as deviation,
    downloads_30d::bigint as downloads_30d,
    off::double / downloads_30d::double as deviation_share
from core_backcast_errors
