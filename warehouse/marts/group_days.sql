-- Counters and downloads of a day, summed over the repositories of a group: those that count alike under both lenses.
-- grain: group_id, day
-- Readings of crawls whose listing was not whole are left out: a shorter list is not a fall. Days with downloads but no
-- reading (before the first crawl, and days missed) have no counters; a last day that stalled has no downloads yet.
with counted as (
    select
        members.group_id,
        days.day,
        count(*) as models,
        sum(days.downloads_30d) as downloads_30d,
        sum(days.downloads_all_time) as downloads_all_time,
        sum(days.likes) as likes
    from stg_model_days as days
    join core_used_crawls as crawls using (crawl)
    join core_group_members as members using (hub_id)
    group by members.group_id, days.day
),
booked as (
    select
        members.group_id,
        flows.day,
        sum(flows.downloads) as downloads
    from model_flows as flows
    join core_group_members as members using (hub_id)
    group by members.group_id, flows.day
)
select
    group_id,
    day,
    counted.models,
    booked.downloads::bigint as downloads,
    counted.downloads_30d::bigint as downloads_30d,
    counted.downloads_all_time::bigint as downloads_all_time,
    counted.likes::bigint as likes
from counted
full join booked using (group_id, day)
