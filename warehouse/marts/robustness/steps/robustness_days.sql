-- Downloads of a day by country, under each definition of the headline.
-- grain: definition, task_class, day, origin
-- task_class is a class, or all for all models. Originals include a lab's own quantized or converted copies. One definition
-- caps the downloads of each repository (see robustness_excesses), others take those of single repositories from their
-- country (see robustness_moves).
with shares_by_definition as (
    select
        definitions.definition,
        universes.universe as task_class,
        shares.group_id,
        shares.origin,
        sum(shares.weight) as weight
    from core_headline_definitions as definitions
    join core_group_shares as shares using (lens)
    join core_universes as universes on universes.task_class is not distinct from shares.task_class
    where case definitions.definition
        when 'originals only' then shares.counted_layer = 'release'
        when 'without quantized copies' then shares.counted_layer != 'repackaged'
        when 'without models below 1B' then coalesce(shares.size_bucket, '') != '<1'
        when 'without GGUF' then not shares.is_gguf
        when 'text models only' then coalesce(shares.modality, '') = 'text'
        else true
    end
    group by definitions.definition, universes.universe, shares.group_id, shares.origin
),
counted as (
    select
        shares_by_definition.definition,
        shares_by_definition.task_class,
        days.day,
        shares_by_definition.origin,
        shares_by_definition.weight * case
            when shares_by_definition.definition = 'each model capped at its 99th percentile'
                then days.downloads - coalesce(excesses.excess, 0)
            else days.downloads
        end as downloads
    from group_days as days
    join shares_by_definition using (group_id)
    left join robustness_excesses as excesses on excesses.group_id = days.group_id and excesses.day = days.day
    where days.downloads is not null
),
parts as (
    select definition, task_class, day, origin, downloads
    from counted
    union all
    select definition, task_class, day, origin, -downloads
    from robustness_moves
    union all
    select definition, task_class, day, other_origin, downloads
    from robustness_moves
    where other_origin is not null
)
select
    definition,
    task_class,
    day,
    origin,
    sum(downloads)::double as downloads
from parts
group by definition, task_class, day, origin
