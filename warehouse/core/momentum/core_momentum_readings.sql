-- A reading of a measured model, from a complete listing, at one of the ages or in the three days before it.
-- grain: hub_id, age_days, day
-- incremental: merge; hub_id varchar, age_days integer, day date, downloads_all_time bigint
with reads as (
    select days.hub_id, days.day, days.downloads_all_time
    from stg_new_days as days
    join core_usable_crawls as crawls using (day, scope)
    union all
    select hub_id, day, downloads_all_time
    from core_regrouped_days
)
select
    models.hub_id,
    ages.age_days,
    reads.day,
    reads.downloads_all_time
from core_momentum_models as models
join reads on reads.hub_id = models.hub_id and reads.downloads_all_time is not null
join core_momentum_ages as ages
    on date_diff('day', models.released_on, reads.day) between ages.age_days - 3 and ages.age_days
union all
select
    earlier.hub_id,
    earlier.age_days,
    earlier.day,
    earlier.downloads_all_time
from earlier_core_momentum_readings as earlier
join core_momentum_models as models using (hub_id)
left join core_regrouped as regrouped on regrouped.hub_id = earlier.hub_id and regrouped.is_moved
where regrouped.hub_id is null
