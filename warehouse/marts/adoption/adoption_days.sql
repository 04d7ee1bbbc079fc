-- Repositories, counters and downloads of a day by origin, lab, family, type, task class and size, under each lens.
-- grain: day, lens, origin, lab, family, layer, is_by_maker, task_class, size_bucket
-- Under the lens root every number is multiplied by the repository's weight at that root. The 7-day mean divides by the
-- number of days with known downloads among the seven around the day. It is unknown with fewer than four such days, and
-- if the day itself has no downloads. Means of groups add up, except for groups that begin or end within the seven
-- days.
with summed as (
    select
        days.day,
        shares.lens,
        shares.origin,
        shares.lab,
        shares.family,
        shares.layer,
        shares.counted_layer,
        shares.is_by_maker,
        shares.task_class,
        shares.size_bucket,
        sum(days.models * shares.weight)::double as models,
        sum(days.downloads * shares.weight)::double as downloads,
        sum(days.downloads_30d * shares.weight)::double as downloads_30d,
        sum(days.downloads_all_time * shares.weight)::double as downloads_all_time,
        sum(days.likes * shares.weight)::double as likes
    from group_days as days
    join core_group_shares as shares using (group_id)
    group by
        days.day, shares.lens, shares.origin, shares.lab, shares.family, shares.layer, shares.counted_layer,
        shares.is_by_maker, shares.task_class, shares.size_bucket
)
select
    summed.day,
    summed.lens,
    summed.origin,
    summed.lab,
    summed.family,
    summed.layer,
    summed.counted_layer,
    summed.is_by_maker,
    summed.task_class,
    summed.size_bucket,
    summed.models,
    summed.downloads,
    case
        when panels.known_days >= 4 then sum(summed.downloads::decimal(28, 9)) over (
            partition by
                panels.flow_segment, summed.lens, summed.origin, summed.lab, summed.family, summed.layer, summed.is_by_maker,
                summed.task_class, summed.size_bucket
            order by summed.day range between interval 3 days preceding and interval 3 days following
        )::double / panels.known_days
    end as downloads_7d_mean,
    summed.downloads_30d,
    summed.downloads_all_time,
    summed.likes
from summed
left join panel_days as panels
    on panels.day = summed.day and panels.task_class = coalesce(summed.task_class, 'all')
