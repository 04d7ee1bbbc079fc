-- Error of the all-time counters that 30-day counters imply for 30 days before, on a day that can be checked.
-- grain: day
-- Shows how accurate the days before the first reading are. The data issues of kind 'identity deviation' describe the
-- same rows as text.
select
    day,
    day - 30 as compared_day,
    repositories,
    round(absolute_error)::bigint as deviation,
    round(downloads_30d)::bigint as downloads_30d,
    absolute_error::double / downloads_30d::double as deviation_share
from core_backcast_errors
