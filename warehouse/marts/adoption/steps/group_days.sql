-- Counters and downloads of a day, added up over the repositories of a group that are counted alike.
-- grain: group_id, day
-- incremental: merge; group_id varchar, day date, models bigint, downloads bigint, downloads_30d bigint, downloads_all_time bigint, likes bigint, kept_30d_before bigint, arrived_30d bigint, flows_known bigint, downloads_30d_known bigint, downloads_all_time_known bigint, likes_known bigint
-- Readings of incomplete listings are left out: a shorter list is not a decline. Days with downloads but no reading
-- (before the first crawl, or missed) have no counters; a last day that stalled has no downloads yet. New rows are
-- added to the earlier sums; rows of a regrouped repository move from its former group to its new one. kept_30d_before
-- and arrived_30d compare the repositories read with those of the whole day before (see panel_changes).
with read as (
    select
        members.group_id, days.day, 1 as sign, days.downloads_30d, days.downloads_all_time, days.likes,
        days.kept_30d_before, days.arrived_30d
    from core_new_readings as days
    join core_group_members as members using (hub_id)
    union all
    select
        case when signs.sign > 0 then days.group_now else days.group_before end as group_id,
        days.day, signs.sign, days.downloads_30d, days.downloads_all_time, days.likes,
        days.kept_30d_before, days.arrived_30d
    from core_regrouped_days as days
    cross join (select 1 as sign union all select -1) as signs
),
booked as (
    select members.group_id, flows.day, 1 as sign, flows.downloads
    from new_model_flows as flows
    join core_group_members as members using (hub_id)
    union all
    select
        case when signs.sign > 0 then regrouped.group_now else regrouped.group_before end as group_id,
        flows.day, signs.sign, flows.downloads
    from earlier_model_flows as flows
    join core_regrouped as regrouped using (hub_id)
    join (select 1 as sign union all select -1) as signs on signs.sign < 0 or not regrouped.is_unsettled
),
changes as (
    select
        group_id, day, sum(sign) as models, 0 as downloads, sum(sign * downloads_30d) as downloads_30d,
        sum(sign * downloads_all_time) as downloads_all_time, sum(sign * likes) as likes,
        sum(sign * kept_30d_before) as kept_30d_before, sum(sign * arrived_30d) as arrived_30d, 0 as flows_known,
        sum(case when downloads_30d is not null then sign end) as downloads_30d_known,
        sum(case when downloads_all_time is not null then sign end) as downloads_all_time_known,
        sum(case when likes is not null then sign end) as likes_known
    from read where group_id is not null group by group_id, day
    union all
    select group_id, day, 0, sum(sign * downloads), 0, 0, 0, 0, 0, sum(sign), 0, 0, 0
    from booked where group_id is not null group by group_id, day
    union all
    select
        group_id, day, models, downloads, downloads_30d, downloads_all_time, likes, kept_30d_before, arrived_30d,
        flows_known, downloads_30d_known, downloads_all_time_known, likes_known
    from earlier_group_days
)
select
    group_id,
    day,
    nullif(sum(models), 0)::bigint as models,
    case when sum(flows_known) > 0 then sum(downloads)::bigint end as downloads,
    case when sum(downloads_30d_known) > 0 then sum(downloads_30d)::bigint end as downloads_30d,
    case when sum(downloads_all_time_known) > 0 then sum(downloads_all_time)::bigint end as downloads_all_time,
    case when sum(likes_known) > 0 then sum(likes)::bigint end as likes,
    case when sum(downloads_30d_known) > 0 then coalesce(sum(kept_30d_before), 0)::bigint end as kept_30d_before,
    case when sum(downloads_30d_known) > 0 then coalesce(sum(arrived_30d), 0)::bigint end as arrived_30d,
    coalesce(sum(flows_known), 0)::bigint as flows_known,
    coalesce(sum(downloads_30d_known), 0)::bigint as downloads_30d_known,
    coalesce(sum(downloads_all_time_known), 0)::bigint as downloads_all_time_known,
    coalesce(sum(likes_known), 0)::bigint as likes_known
from changes
group by group_id, day
having sum(models) > 0 or sum(flows_known) > 0
