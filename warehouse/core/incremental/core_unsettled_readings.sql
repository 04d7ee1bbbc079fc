-- A reading that the next build needs: from the last usable one on, and all of unsettled repositories.
-- grain: hub_id, day
-- incremental: merge; hub_id varchar, day date, downloads_30d bigint, downloads_all_time bigint, is_imported boolean
-- Together with the readings of later days they determine all downloads that are not settled yet.
with last_used as (
    select
        readings.repository_key,
        max(readings.day) as day
    from core_readings as readings
    join core_usable_days as used on used.day = readings.day and used.is_used
    group by readings.repository_key
),
needed as (
    select
        readings.repository_key,
        readings.day,
        readings.downloads_30d,
        readings.downloads_all_time,
        readings.is_imported
    from core_readings as readings
    left join last_used using (repository_key)
    left join core_first_readings as firsts on firsts.repository_key = readings.repository_key and not firsts.is_settled
    where last_used.day is null or readings.day >= last_used.day or firsts.repository_key is not null
)
select
    keys.hub_id,
    needed.day,
    needed.downloads_30d,
    needed.downloads_all_time,
    needed.is_imported
from needed
join core_repository_keys as keys using (repository_key)
