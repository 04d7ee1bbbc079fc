-- When a country passes another, in the data (replicate 0) and in 200 resamples (1 to 200).
-- grain: definition, metric, lens, layer, a, b, replicate
-- A run is a sequence of days on which a exceeds b. It counts from 14 days on. A run that starts within the data is
-- preferred to one that is under way on the first day.
with resampled as (
    select metric, lens, layer, a, b, day, replicate, round(sum(gap * weight), 3) as gap
    from crossover_blocks
    join core_resample_weights using (block)
    where weight > 0
    group by metric, lens, layer, a, b, day, replicate
),
compared as (
    select definition, metric, lens, layer, a, b, 0 as replicate, day, compared_gap as gap
    from crossover_gaps
    union all
    select
        'baseline', metric, lens, layer, a, b, replicate, day,
        case
            when metric != 'downloads' then gap
            when count(*) over week >= 4 then avg(gap) over week
        end
    from resampled
    window week as (
        partition by metric, lens, layer, a, b, replicate
        order by day range between interval 3 days preceding and interval 3 days following
    )
),
directed as (
    select definition, metric, lens, layer, a, b, replicate, day, gap > 0 as is_above
    from compared
    where gap is not null
    union all
    select definition, metric, lens, layer, b as a, a as b, replicate, day, gap < 0
    from compared
    where gap is not null
),
turns as (
    select *, is_above != lag(is_above) over pair as is_turn
    from directed
    window pair as (partition by definition, metric, lens, layer, a, b, replicate order by day)
),
numbered as (
    select *, count(*) filter (where is_turn) over pair as run
    from turns
    window pair as (partition by definition, metric, lens, layer, a, b, replicate order by day)
),
runs as (
    select definition, metric, lens, layer, a, b, replicate, run, min(day) as first_day,
        is_above and max(day) - min(day) >= 13 as is_lasting
    from numbered
    group by definition, metric, lens, layer, a, b, replicate, run, is_above
)
select
    definition, metric, lens, layer, a, b, replicate,
    coalesce(
        min(first_day) filter (where is_lasting and run > 0), min(first_day) filter (where is_lasting)
    ) as crossed_on,
    bool_or(is_lasting and run = 0) and not bool_or(is_lasting and run > 0) as is_ahead_throughout
from runs
group by definition, metric, lens, layer, a, b, replicate
