-- The days that current figures are compared with: the last day, the day about 30 days before, and the days between which downloads are known.
-- grain: last_day
-- Only days of the last segment are compared. The 30-day counters of `day_before` are those of the last whole day that
-- is 30 to 33 days before the last one. Downloads are known from `known_from` to `known_until`: the readings of a segment
-- cover the 30 days before it.
with segments as (
    select segment, min(day) as first_day, max(day) as last_day
    from series_days
    where is_whole
    group by segment
),
last_segment as (
    select segment, first_day, last_day
    from segments
    where segment = (select max(segment) from segments)
),
booked as (
    select min(day) as first_day, max(day) as last_day
    from booked_days
    where day <= (select last_day from last_segment)
)
select
    last_segment.last_day,
    (
        select max(day)
        from series_days
        where is_whole and segment = last_segment.segment
            and day between last_segment.last_day - 33 and last_segment.last_day - 30
    ) as day_before,
    case
        when last_segment.segment > 1 then greatest(last_segment.first_day - 29, booked.first_day)
        else booked.first_day
    end as known_from,
    booked.last_day as known_until
from last_segment
cross join booked
