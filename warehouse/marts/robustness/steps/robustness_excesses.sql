-- Downloads of a day above the cap of each repository, added up over a group of repositories.
-- grain: group_id, day
-- The cap of a repository is the 99th percentile of its own daily downloads. Only repositories with at least 1,000
-- all-time downloads are capped; capping smaller ones would not change any share.
with caps as (
    select
        flows.hub_id,
        quantile_cont(flows.downloads, 0.99) as cap
    from model_flows as flows
    join core_latest_counts as counts on counts.hub_id = flows.hub_id and counts.downloads_all_time >= 1000
    group by flows.hub_id
)
select
    members.group_id,
    flows.day,
    sum((flows.downloads - caps.cap)::decimal(18, 3)) as excess
from model_flows as flows
join caps on caps.hub_id = flows.hub_id and flows.downloads > caps.cap
join core_group_members as members on members.hub_id = flows.hub_id
group by members.group_id, flows.day
