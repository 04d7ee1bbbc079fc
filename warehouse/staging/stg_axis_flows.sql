-- Downloads of an entry of another ruler on a day, from a counter since the beginning, by the rules for the Hub.
-- grain: axis, entity, day
-- The change between two usable readings is spread evenly over the days after the first. A counter that falls and is back
-- at its level within eight readings was corrected: the readings in between are not used. A fall that lasts has no
-- downloads. A day on which a quarter of the busy entries stood still ends no interval; busy ones gain 33 a day or more.
-- An entry has no downloads before its first reading: it may be older than that.
with readings as (
    select
        axis, entity, day, value,
        value - lag(value) over entity as moved,
        (max(value) over whole - min(value) over whole)
            / nullif(date_diff('day', min(day) over whole, max(day) over whole), 0) as usual,
        max(value) over before as value_before,
        max(value) over after as value_after
    from stg_axis_values
    where is_cumulative and metric = 'downloads'
    window
        entity as (partition by axis, entity order by day),
        whole as (partition by axis, entity),
        before as (partition by axis, entity order by day rows between 8 preceding and 1 preceding),
        after as (partition by axis, entity order by day rows between 1 following and 8 following)
),
stalls as (
    select axis, day
    from readings
    where moved is not null and usual >= 33
    group by axis, day
    having count(*) >= 100 and 4 * sum(case when moved = 0 then 1 else 0 end) >= count(*)
),
usable as (
    select
        readings.axis, readings.entity, readings.day, readings.value,
        lag(readings.day) over entity as from_day,
        lag(readings.value) over entity as from_value
    from readings
    left join stalls using (axis, day)
    where stalls.day is null
        and not coalesce(readings.value < readings.value_before and readings.value_after >= readings.value_before, false)
    window entity as (partition by readings.axis, readings.entity order by readings.day)
),
spread as (
    select
        axis, entity, day as read_day, greatest(value - from_value, 0) / date_diff('day', from_day, day) as value,
        unnest(generate_series(from_day + 1, day, interval 1 day)) as moment
    from usable
    where from_day is not null
)
select axis, entity, read_day, moment::date as day, value from spread
