-- The headline, China compared with the United States, under each definition: 30-day shares and the crossover.
-- grain: headline, definition
-- Uses the last 30 days with known downloads. A share is of all downloads that the definition counts, including
-- unaffiliated publishers.
with recent as (
    select
        definition,
        sum(downloads) as downloads,
        coalesce(sum(downloads) filter (where origin = 'CN'), 0) as china,
        coalesce(sum(downloads) filter (where origin = 'US'), 0) as united_states
    from robustness_days
    where day > (select max(day) from robustness_days) - 30
    group by definition
),
shares as (
    select 'share of China' as headline, definition, china / nullif(downloads, 0) as value
    from recent
    union all
    select 'share of the United States', definition, united_states / nullif(downloads, 0)
    from recent
    union all
    select 'share of China less share of the United States', definition, (china - united_states) / nullif(downloads, 0)
    from recent
)
select
    definitions.number,
    shares.headline,
    shares.definition,
    round(shares.value, 9) as value,
    case when not draws.is_ahead_throughout then draws.crossed_on end as crossed_on,
    draws.is_ahead_throughout
from shares
join core_headline_definitions as definitions using (definition)
left join crossover_draws as draws
    on draws.definition = shares.definition and draws.metric = 'downloads' and draws.lens = definitions.lens
    and draws.layer = 'all' and draws.a = 'CN' and draws.b = 'US' and draws.replicate = 0
    and shares.headline = 'share of China less share of the United States'
