-- Estimated downloads of the interval in which the counter of a large repository dropped for good.
-- grain: repository_key, to_day
-- Large: 0.5% or more of the 30-day downloads of the day's listing, and twice the mean of its repositories, which
-- matters for short lists. The change of the 30-day counter is the downloads of the interval minus those of the same
-- days 30 days before: x(t) = D(t) - D(t-1) + x(t-30). Where those are not known, the 30-day counter before the drop is
-- spread evenly.
with large as (
    select
        drops.repository_key,
        drops.from_day,
        drops.to_day,
        before.downloads_30d as month_before,
        now.downloads_30d as month_now
    from core_drop_recoveries as drops
    join core_readings as before on before.repository_key = drops.repository_key and before.day = drops.from_day
    join core_readings as now on now.repository_key = drops.repository_key and now.day = drops.to_day
    join core_snapshot_changes as changes on changes.day = drops.first_day
    where drops.change < 0
        and before.downloads_30d >= 0.005 * changes.downloads_30d_total
        and before.downloads_30d * changes.repositories >= 2 * changes.downloads_30d_total
),
intervals as (
    select repository_key, from_day, to_day, change from core_corrected_deltas where change >= 0
    union all
    select repository_key, from_day, to_day, change from core_initial_deltas
),
moments as (
    select *, unnest(generate_series(from_day + 1, to_day, interval 1 day)) as moment
    from intervals
    where repository_key in (select repository_key from large)
),
days as (
    select repository_key, moment::date as day, from_day, date_diff('day', from_day, to_day) as days, change
    from moments
),
booked as (
    select
        repository_key,
        day,
        change // days + case when date_diff('day', from_day, day) <= change % days then 1 else 0 end as downloads
    from days
    union all
    select keys.repository_key, flows.day, flows.downloads
    from large
    join core_repository_keys as keys using (repository_key)
    join earlier_model_flows as flows
        on flows.hub_id = keys.hub_id and flows.day between large.from_day - 29 and large.to_day - 30
    left join core_unsettled_repositories as unsettled on unsettled.hub_id = keys.hub_id
    where unsettled.hub_id is null
)
select
    large.repository_key,
    large.from_day,
    large.to_day,
    case
        when count(booked.day) = date_diff('day', large.from_day, large.to_day) and large.month_now is not null
            then greatest(large.month_now - large.month_before + sum(booked.downloads), 0)::bigint
        else large.month_before * date_diff('day', large.from_day, large.to_day) // 30
    end as downloads
from large
left join booked
    on booked.repository_key = large.repository_key and booked.day between large.from_day - 29 and large.to_day - 30
group by large.repository_key, large.from_day, large.to_day, large.month_before, large.month_now
