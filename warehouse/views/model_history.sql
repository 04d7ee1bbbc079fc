-- Counters and estimated downloads of a repository on a day.
-- grain: hub_id, day
-- Days before the first reading have downloads but no counters. Names are today's.
with readings as (
    select
        models.repo_id, models.hub_id, days.day, flows.downloads, flows.basis, days.downloads_30d,
        days.downloads_all_time, days.likes, days.source
    from models
    join model_days as days on days.hub_id = models.hub_id
    left join model_flows as flows on flows.hub_id = days.hub_id and flows.day = days.day
),
estimates as (
    select
        models.repo_id, models.hub_id, flows.day, flows.downloads, flows.basis, null::bigint as downloads_30d,
        null::bigint as downloads_all_time, null::bigint as likes, null::varchar as source
    from models
    join model_flows as flows on flows.hub_id = models.hub_id
    left join model_days as days on days.hub_id = flows.hub_id and days.day = flows.day
    where days.hub_id is null
)
select
    day, repo_id collate nocase as repo_id, hub_id, downloads, basis, downloads_30d, downloads_all_time, likes, source
from (select * from readings union all select * from estimates) as all_days
