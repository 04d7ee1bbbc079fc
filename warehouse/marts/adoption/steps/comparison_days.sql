-- The days that current figures of language models are compared with: the last day, the day about 30 days before, and the days between which downloads are known.
-- grain: last_day
-- Only days of the last segment are compared. The 30-day counters of `day_before` are those of the last whole day that
-- is 30 to 33 days before the last one. Downloads are known from `known_from` to `known_until`: the readings of a segment
-- cover the 30 days before it.
with last_segment as (
    select max(segment) as segment, max(last_day) as last_day
    from segments
    where task_class = 'language'
)
select
    last_segment.last_day,
    max(panels.day) filter (
        where panels.segment = last_segment.segment
            and panels.day between last_segment.last_day - 33 and last_segment.last_day - 30
    ) as day_before,
    min(panels.day) filter (where panels.flow_segment = last_segment.segment) as known_from,
    max(panels.day) filter (where panels.flow_segment = last_segment.segment) as known_until
from last_segment
join panel_days as panels
    on panels.task_class = 'language' and last_segment.segment in (panels.segment, panels.flow_segment)
group by last_segment.last_day
