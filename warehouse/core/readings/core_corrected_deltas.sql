-- Change of the all-time counter over an interval, for repositories whose counter dropped.
-- grain: repository_key, to_day
-- The readings between a drop and its recovery are set aside: one interval leads from the last reading before the drop
-- to the reading at which it had recovered.
select
    deltas.repository_key,
    deltas.from_day,
    deltas.to_day,
    deltas.change,
    deltas.basis
from core_counter_deltas as deltas
left join core_drop_recoveries as spans
    on spans.repository_key = deltas.repository_key
    and deltas.from_day >= spans.from_day and deltas.to_day <= spans.to_day and spans.is_recovered
where spans.repository_key is null and deltas.repository_key in (select repository_key from core_drop_recoveries)
union all
select
    repository_key,
    from_day,
    to_day,
    change,
    case when is_imported then 'imported' else 'spread' end as basis
from core_drop_recoveries
where is_recovered
