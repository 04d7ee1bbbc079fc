-- A name that a repository had on an earlier day and that no repository has now.
-- grain: former_name
-- If several repositories had the name one after the other, it means the one last seen under it.
with former_names as (
    select
        named.repo_id as former_name,
        named.hub_id,
        max(named.day) as last_day
    from stg_models as named
    join core_latest_models as latest using (hub_id)
    where named.repo_id != latest.repo_id
    group by named.repo_id, named.hub_id
),
ranked as (
    select
        former_name,
        hub_id,
        last_day,
        row_number() over (partition by former_name order by last_day desc, hub_id desc) as recency
    from former_names
)
select
    ranked.former_name,
    ranked.hub_id,
    ranked.last_day
from ranked
left join core_latest_models as current_names
    on current_names.repo_id = ranked.former_name and current_names.hub_id not like 'name:%'
where ranked.recency = 1 and current_names.hub_id is null
