-- A repository that left or entered the listings of one scope: read on a whole day but not on the next, or new but old.
-- grain: kind, day, hub_id
-- incremental: append
-- Only repositories with 0.005% or more of the 30-day downloads of the day. Later tables compare them with their class.
with totals as (
    select day, sum(downloads_30d) as downloads_30d
    from core_new_readings
    group by day
),
pairs as (
    select scopes.day, scopes.whole_before, totals.downloads_30d
    from core_scope_days as scopes
    join totals using (day)
    join core_scope_days as before on before.day = scopes.whole_before and before.width = scopes.width
),
large_before as (
    select pairs.day, pairs.whole_before, days.hub_id, days.downloads_30d
    from pairs
    join stg_model_days as days on days.day = pairs.whole_before
    join core_usable_crawls as crawls on crawls.day = days.day and crawls.scope = days.scope
    where days.downloads_30d >= 0.00005 * pairs.downloads_30d
)
select
    'arrived' as kind,
    readings.day,
    readings.hub_id,
    pairs.whole_before as compared_day,
    readings.downloads_30d
from core_new_readings as readings
join pairs using (day)
where readings.arrived_30d >= 0.00005 * pairs.downloads_30d
union all
select
    'left' as kind,
    large_before.day,
    large_before.hub_id,
    large_before.whole_before as compared_day,
    large_before.downloads_30d
from large_before
left join core_new_readings as readings on readings.day = large_before.day and readings.hub_id = large_before.hub_id
where readings.hub_id is null
