-- Repositories, counters and downloads of a day by lab, family and generation, for every type, task class, size and GGUF setting.
-- grain: day, lens, origin, lab, family, generation, layer, is_by_maker, task_class, is_below_1b, is_gguf
-- The same sums as adoption_days, with generations and without size buckets. For the 7-day mean see adoption_days.
with placed as (
    select
        days.day,
        shares.lens,
        shares.origin,
        shares.lab,
        shares.family,
        shares.generation,
        shares.layer,
        shares.is_by_maker,
        shares.task_class,
        shares.size_bucket = '<1' as is_below_1b,
        shares.is_gguf,
        days.models * shares.weight as models,
        days.downloads * shares.weight as downloads,
        days.downloads_30d * shares.weight as downloads_30d,
        days.downloads_all_time * shares.weight as downloads_all_time,
        days.likes * shares.weight as likes
    from group_days as days
    join core_group_shares as shares using (group_id)
),
summed as (
    select
        day, lens, origin, lab, family, generation, layer, is_by_maker, task_class, is_below_1b, is_gguf,
        sum(models)::double as models,
        sum(downloads)::double as downloads,
        sum(downloads_30d)::double as downloads_30d,
        sum(downloads_all_time)::double as downloads_all_time,
        sum(likes)::double as likes
    from placed
    group by day, lens, origin, lab, family, generation, layer, is_by_maker, task_class, is_below_1b, is_gguf
)
select
    summed.day,
    summed.lens,
    summed.origin,
    summed.lab,
    summed.family,
    summed.generation,
    summed.layer,
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
    summed.likes
from summed
left join panel_days as panels
    on panels.day = summed.day and panels.task_class = coalesce(summed.task_class, 'all')
order by summed.lens, summed.lab, summed.family, summed.generation, summed.day
