-- Consecutive days on which one country exceeds another, or does not, in the data (replicate 0) and in 200 resamples.
-- grain: definition, metric, task_class, lens, layer, a, b, replicate, run
-- Days known only as one sum count as one observation (see crossover_observations). Run 0 is under way on the first day.
-- A run is lasting if a exceeds b for 14 days or more, counted from the end of its first observation.
with series as (
    select *, row_number() over (order by definition, metric, task_class, lens, layer, a, b)::integer as series
    from (select distinct definition, metric, task_class, lens, layer, a, b from crossover_gaps)
),
resampled as (
    select
        series.series, series.metric, series.task_class, weights.replicate, blocks.day,
        round(sum(blocks.gap * weights.weight), 3) as gap
    from crossover_blocks as blocks
    join series
        on series.definition = 'baseline' and series.metric = blocks.metric and series.task_class = blocks.task_class
        and series.lens = blocks.lens and series.layer = blocks.layer and series.a = blocks.a and series.b = blocks.b
    join core_resample_weights as weights using (block)
    where weights.weight > 0
    group by series.series, series.metric, series.task_class, weights.replicate, blocks.day
),
compared as (
    select series.series, gaps.metric, gaps.task_class, 0 as replicate, gaps.day, gaps.compared_gap as gap
    from crossover_gaps as gaps
    join series using (definition, metric, task_class, lens, layer, a, b)
    union all
    select
        series, metric, task_class, replicate, day,
        case
            when metric != 'downloads' then gap
            when count(*) over week >= 4 then avg(gap) over week
        end
    from resampled
    window week as (
        partition by series, replicate order by day range between interval 3 days preceding and interval 3 days following
    )
),
observed as (
    select
        compared.series, compared.replicate, observations.first_day,
        min(observations.last_day) as last_day,
        min(observations.span_first) as span_first,
        min(observations.span_last) as span_last,
        round(avg(compared.gap), 6) as gap
    from compared
    join crossover_observations as observations using (metric, task_class, day)
    where compared.gap is not null
    group by compared.series, compared.replicate, observations.first_day
),
directed as (
    select series, false as is_reversed, replicate, first_day, last_day, span_first, span_last, gap > 0 as is_above
    from observed
    union all
    select series, true, replicate, first_day, last_day, span_first, span_last, gap < 0
    from observed
),
turns as (
    select *, is_above != lag(is_above) over pair as is_turn
    from directed
    window pair as (partition by series, is_reversed, replicate order by first_day)
),
numbered as (
    select *, count(*) filter (where is_turn) over pair as run
    from turns
    window pair as (partition by series, is_reversed, replicate order by first_day)
),
runs as (
    select
        series, is_reversed, replicate, run, is_above,
        min(first_day) as first_day,
        min(last_day) as known_on,
        min_by(span_first, first_day) as span_first,
        min_by(span_last, first_day) as span_last,
        max(last_day) as last_day
    from numbered
    group by series, is_reversed, replicate, run, is_above
)
select
    series.definition, series.metric, series.task_class, series.lens, series.layer,
    case when runs.is_reversed then series.b else series.a end as a,
    case when runs.is_reversed then series.a else series.b end as b,
    runs.replicate, runs.run, runs.is_above, runs.first_day, runs.known_on, runs.span_first, runs.span_last, runs.last_day,
    runs.is_above and date_diff('day', runs.known_on, runs.last_day) >= 13 as is_lasting
from runs
join series using (series)
