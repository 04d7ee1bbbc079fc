-- A drop of the all-time counter of one repository between two usable readings, and whether it recovered.
-- grain: repository_key, from_day
-- Recovered: one of the nine usable snapshots after from_day has a counter at least as high again; else nearly
-- recovered: one has regained nine tenths of the drop. to_day is that reading, and first_day the first lower one. A drop
-- that did not recover ends on first_day. Drops within the span of an earlier recovered one are part of it.
-- is_pending: a later snapshot can still change the verdict. change is the difference from from_day to to_day.
with recursive verdicts as (
    select
        repository_key,
        from_day,
        first_day,
        min(case when level >= 0 then to_day end) as full_day,
        min(case when level * 10 >= lowest then to_day end) as near_day,
        from_number + 9 > (select max(used_number) from core_usable_days) as is_open
    from core_drop_levels
    group by repository_key, from_day, first_day, from_number
),
spans as (
    select
        repository_key,
        from_day,
        first_day,
        coalesce(full_day, near_day, first_day) as to_day,
        coalesce(full_day, near_day) is not null as is_recovered,
        full_day is null and is_open as is_pending,
        row_number() over (partition by repository_key order by from_day) as place
    from verdicts
),
walk as (
    select repository_key, from_day, place, true as is_counted, to_day as free_from
    from spans
    where place = 1
    union all
    select
        spans.repository_key,
        spans.from_day,
        spans.place,
        spans.from_day >= walk.free_from,
        case when spans.from_day >= walk.free_from then spans.to_day else walk.free_from end
    from walk
    join spans on spans.repository_key = walk.repository_key and spans.place = walk.place + 1
)
select
    spans.repository_key, spans.from_day, spans.first_day, spans.to_day, spans.is_recovered, spans.is_pending,
    max(case when levels.to_day = spans.to_day then levels.level end) as change,
    -min(levels.level) as dropped,
    bool_or(levels.is_imported) as is_imported
from spans
join walk using (repository_key, from_day)
join core_drop_levels as levels
    on levels.repository_key = spans.repository_key and levels.from_day = spans.from_day and levels.to_day <= spans.to_day
where walk.is_counted
group by
    spans.repository_key, spans.from_day, spans.first_day, spans.to_day, spans.is_recovered, spans.is_pending
