-- The repositories of a class that were read on a day, compared with those of the whole day before: the panel of the day.
-- grain: day, task_class
-- task_class is a class, or all for all models. left_share: share of the downloads of the day before whose repositories
-- are not read any more. arrived_share: share of the day's downloads whose repositories existed before but were not
-- read. A whole day that lost more than 5% is a part until the next whole day shows that the loss stays. Fewer than ten
-- repositories are not judged.
with classes as (
    select distinct group_id, task_class
    from core_group_shares
),
sums as (
    select
        days.day,
        universes.universe as task_class,
        sum(days.models)::bigint as models,
        sum(days.downloads_30d)::bigint as downloads_30d,
        sum(days.downloads_all_time_known)::bigint as counters_known,
        sum(days.kept_30d_before)::bigint as kept_30d_before,
        sum(days.arrived_30d)::bigint as arrived_30d
    from group_days as days
    join classes using (group_id)
    join core_universes as universes on universes.task_class is not distinct from classes.task_class
    where days.models is not null
    group by days.day, universes.universe
),
compared as (
    select
        sums.day,
        sums.task_class,
        scopes.width,
        scopes.is_whole,
        sums.models,
        sums.downloads_30d,
        sums.counters_known,
        before.models as models_before,
        before_scopes.width as width_before,
        case
            when before.models >= 10 then 1 - coalesce(sums.kept_30d_before, 0)::double / nullif(before.downloads_30d, 0)::double
        end as left_share,
        case
            when scopes.whole_before is not null and sums.models >= 10
                then coalesce(sums.arrived_30d, 0)::double / nullif(sums.downloads_30d, 0)::double
        end as arrived_share
    from sums
    join core_scope_days as scopes using (day)
    left join sums as before on before.day = scopes.whole_before and before.task_class = sums.task_class
    left join core_scope_days as before_scopes on before_scopes.day = scopes.whole_before
),
followed as (
    select
        *,
        lead(day) over whole_days as next_day,
        lead(arrived_share) over whole_days as arrived_next
    from compared
    window whole_days as (partition by task_class, is_whole order by day)
)
select
    day,
    task_class,
    width,
    models,
    downloads_30d,
    counters_known,
    left_share,
    arrived_share,
    is_whole and not coalesce(
        left_share > 0.05 and width = width_before and (next_day is null or arrived_next >= 0.5 * left_share), false
    ) as is_whole
from followed
