-- Consecutive days on which one country exceeds another, or does not, in the data (replicate 0) and in 200 resamples.
-- grain: definition, metric, lens, layer, a, b, replicate, run
-- Days known only as one sum count as one observation (see crossover_observations). Run 0 is under way on the first day.
-- A run is lasting if a exceeds b for 14 days or more, counted from the end of its first observation.
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
observed as (
    select definition, metric, lens, layer, a, b, replicate, observations.first_day,
        min(observations.last_day) as last_day, min(observations.span_first) as span_first,
        min(observations.span_last) as span_last, round(avg(compared.gap), 6) as gap
    from compared
    join crossover_observations as observations using (metric, day)
    where compared.gap is not null
    group by definition, metric, lens, layer, a, b, replicate, observations.first_day
),
directed as (
    select definition, metric, lens, layer, a, b, replicate, first_day, last_day, span_first, span_last,
        gap > 0 as is_above
    from observed
    union all
    select definition, metric, lens, layer, b as a, a as b, replicate, first_day, last_day, span_first, span_last, gap < 0
    from observed
),
turns as (
    select *, is_above != lag(is_above) over pair as is_turn
    from directed
    window pair as (partition by definition, metric, lens, layer, a, b, replicate order by first_day)
),
numbered as (
    select *, count(*) filter (where is_turn) over pair as run
    from turns
    window pair as (partition by definition, metric, lens, layer, a, b, replicate order by first_day)
)
select
    definition, metric, lens, layer, a, b, replicate, run, is_above,
    min(first_day) as first_day,
    min(last_day) as known_on,
    min_by(span_first, first_day) as span_first,
    min_by(span_last, first_day) as span_last,
    max(last_day) as last_day,
    is_above and max(last_day) - min(last_day) >= 13 as is_lasting
from numbered
group by definition, metric, lens, layer, a, b, replicate, run, is_above
