-- A reading of a usable listing since the earlier build, with the reading of the whole day before, if there is one.
-- grain: hub_id, day
-- kept_30d_before is the 30-day counter of the whole day before; arrived_30d that of the day, if the repository existed
-- on that day before but was not read. A part is compared with nothing.
with whole_days as (
    select distinct scopes.whole_before as day
    from core_scope_days as scopes
    where scopes.whole_before is not null and scopes.day in (select day from stg_new_days)
),
before as (
    select days.hub_id, days.day, days.downloads_30d
    from stg_model_days as days
    join core_usable_crawls as crawls using (day, scope)
    where days.day in (select day from whole_days)
)
select
    days.hub_id,
    days.day,
    days.downloads_30d,
    days.downloads_all_time,
    days.likes,
    before.downloads_30d as kept_30d_before,
    case
        when scopes.whole_before is not null and before.hub_id is null and coalesce(models.created_at < scopes.whole_before, true) then days.downloads_30d
    end as arrived_30d
from stg_new_days as days
join core_usable_crawls as crawls using (day, scope)
join core_scope_days as scopes on scopes.day = days.day
join core_latest_models as models on models.hub_id = days.hub_id
left join before on before.hub_id = days.hub_id and before.day = scopes.whole_before
