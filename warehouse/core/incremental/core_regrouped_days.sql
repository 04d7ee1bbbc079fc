-- An earlier reading, from a complete listing, of a repository that is moved (core_regrouped); empty in a full refresh.
-- grain: hub_id, day
-- kept_30d_before and arrived_30d as in core_new_readings.
with readings as (
    select
        days.hub_id,
        days.day,
        days.downloads_30d,
        days.downloads_all_time,
        days.likes,
        regrouped.group_before,
        regrouped.group_now,
        scopes.whole_before
    from stg_old_days as days
    join core_regrouped as regrouped on regrouped.hub_id = days.hub_id and regrouped.is_moved
    join core_usable_crawls as crawls using (day, scope)
    join core_scope_days as scopes on scopes.day = days.day
)
select
    readings.hub_id,
    readings.day,
    readings.downloads_30d,
    readings.downloads_all_time,
    readings.likes,
    readings.group_before,
    readings.group_now,
    before.downloads_30d as kept_30d_before,
    case
        when readings.whole_before is not null and before.hub_id is null
            and coalesce(models.created_at < readings.whole_before, true) then readings.downloads_30d
    end as arrived_30d
from readings
left join core_latest_models as models using (hub_id)
left join readings as before on before.hub_id = readings.hub_id and before.day = readings.whole_before
