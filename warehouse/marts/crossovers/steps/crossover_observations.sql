-- A day of a compared series, with the days that are known only as one sum with it, and where a change of lead may lie.
-- grain: metric, day
-- Days that share one even spread (a stretch without readings, the days before the first reading) are one observation.
-- If the lead changes with an observation, the change is within span_first to span_last: in the observation, in the
-- one before it, or in a spread of more than three days that reaches into the 7-day means of either. Only days of the
-- last segment of series_days are compared, without those whose 7-day means reach beyond it.
with segment as (
    select
        min(day) - case when max(segment) = 1 then 30 else 27 end as first_day,
        max(day) as last_day
    from series_days
    where segment = (select max(segment) from series_days)
),
downloads as (
    select
        booked_days.day,
        count(counter_days.day) over (
            order by booked_days.day rows between unbounded preceding and 1 preceding
        ) as number
    from booked_days
    left join core_counter_days as counter_days using (day)
    cross join segment
    where segment.first_day is null
        or booked_days.day between segment.first_day and segment.last_day
        - case when segment.last_day < (select max(day) from booked_days) then 3 else 0 end
),
spreads as (
    select number, min(day) as first_day, max(day) as last_day, min(day) = max(day) as is_single
    from downloads
    group by number
),
neighbours as (
    select *, lag(first_day) over (order by number) as first_before, lag(is_single) over (order by number) as was_single
    from spreads
),
spans as (
    select
        one.number,
        one.first_day,
        one.last_day,
        least(
            one.first_day, case when not one.was_single then one.first_before end, min(longer.first_day)
        ) as span_first,
        greatest(one.last_day, max(longer.last_day)) as span_last
    from neighbours as one
    left join spreads as longer
        on longer.last_day > longer.first_day + 2
        and longer.last_day >= one.first_day - 4 and longer.first_day <= one.first_day + 3
    group by one.number, one.first_day, one.last_day, one.first_before, one.was_single
),
counters as (
    select day, lag(day) over (order by day) as day_before
    from (select distinct day from adoption_days where downloads_all_time is not null) as days
    join series_days using (day)
    where series_days.segment = (select max(segment) from series_days)
)
select 'downloads' as metric, downloads.day, spans.first_day, spans.last_day, spans.span_first, spans.span_last
from downloads
join spans using (number)
union all
select
    'downloads_all_time', day, day, day,
    coalesce(day_before + 1, day),
    day
from counters
