-- A usable reading after a drop of a repository's all-time counter, within nine snapshots: how far below it still is.
-- grain: repository_key, from_day, to_day
-- from_day is the last reading before the drop, first_day the first lower one. level is the counter of to_day minus that
-- of from_day, and lowest the lowest level before to_day.
with drops as (
    select
        deltas.repository_key,
        deltas.from_day,
        deltas.to_day as first_day,
        used.used_number as from_number
    from core_counter_deltas as deltas
    join core_usable_days as used on used.day = deltas.from_day
    where deltas.change < 0
),
levels as (
    select
        drops.repository_key,
        drops.from_day,
        drops.first_day,
        drops.from_number,
        later.to_day,
        later.basis = 'imported' as is_imported,
        sum(later.change) over (
            partition by drops.repository_key, drops.from_day order by later.to_day
        )::bigint as level
    from drops
    join core_counter_deltas as later on later.repository_key = drops.repository_key and later.to_day > drops.from_day
    join core_usable_days as used on used.day = later.to_day and used.used_number <= drops.from_number + 9
)
select
    *,
    min(level) over (
        partition by repository_key, from_day order by to_day rows between unbounded preceding and 1 preceding
    ) as lowest
from levels
