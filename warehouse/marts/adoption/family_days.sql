-- Repositories, counters and downloads of a day by lab, family and generation, for every type, task class, size and GGUF setting.
-- grain: day, lens, origin, lab, family, generation, layer, is_by_maker, task_class, is_below_1b, is_gguf
-- The same sums as adoption_days, with generations and without size buckets. For the 7-day mean see adoption_days. Downloads
-- of repositories that a listing has for the first time are no growth of a group: arrived_30d is their part of the sum.
with summed as (
    select
        days.day,
        shares.lens,
        shares.origin,
        shares.lab,
        shares.family,
        shares.generation,
        shares.layer,
        shares.counted_layer,
        shares.is_by_maker,
        shares.task_class,
        shares.size_bucket = '<1' as is_below_1b,
        shares.is_gguf,
        sum(days.models * shares.weight)::double as models,
        sum(days.downloads * shares.weight)::double as downloads,
        sum(days.downloads_30d * shares.weight)::double as downloads_30d,
        sum(days.downloads_all_time * shares.weight)::double as downloads_all_time,
        sum(days.likes * shares.weight)::double as likes,
        sum(days.arrived_30d * shares.weight)::double as arrived_30d
    from group_days as days
    join core_group_shares as shares using (group_id)
    group by
        days.day, shares.lens, shares.origin, shares.lab, shares.family, shares.generation,
        shares.layer, shares.counted_layer, shares.is_by_maker, shares.task_class, shares.size_bucket = '<1', shares.is_gguf
)
select
    summed.day,
    summed.lens,
    summed.origin,
    summed.lab,
    summed.family,
    summed.generation,
    summed.layer,
    summed.counted_layer,
    summed.is_by_maker,
    summed.task_class,
    summed.is_below_1b,
    summed.is_gguf,
    summed.models,
    summed.downloads,
    case
        when panels.known_days >= 4 then sum(summed.downloads::decimal(28, 9)) over (
            partition by
                panels.flow_segment, summed.lens, summed.origin, summed.lab, summed.family, summed.generation, summed.layer,
                summed.is_by_maker, summed.task_class, summed.is_below_1b, summed.is_gguf
            order by summed.day range between interval 3 days preceding and interval 3 days following
        )::double / panels.known_days
    end as downloads_7d_mean,
    summed.downloads_30d,
    summed.downloads_all_time,
    summed.likes,
    summed.arrived_30d
from summed
left join panel_days as panels
    on panels.day = summed.day and panels.task_class = coalesce(summed.task_class, 'all')
order by summed.lens, summed.lab, summed.family, summed.generation, summed.day
