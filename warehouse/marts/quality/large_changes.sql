-- A repository with 0.5% or more of the downloads of its class that entered or left the listings, or was corrected.
-- grain: kind, day, hub_id
-- It moves the series of its class on that day. Arrived: it existed before but was not read. Corrected: its all-time
-- counter dropped. In short lists it also has twice the mean. The share is of the 30-day downloads of the class on the day
-- on which it was read.
with changes as (
    select kind, day, hub_id, downloads_30d, case when kind = 'arrived' then day else compared_day end as read_on
    from core_listing_changes
    union all
    select 'corrected' as kind, drops.first_day as day, drops.hub_id, days.downloads_30d, drops.from_day as read_on
    from core_counter_drops as drops
    join model_days as days on days.hub_id = drops.hub_id and days.day = drops.from_day
),
judged as (
    select
        changes.kind,
        changes.day,
        changes.hub_id,
        models.repo_id,
        classes.task_class,
        changes.downloads_30d,
        changes.read_on,
        changes.downloads_30d::double / nullif(panels.downloads_30d, 0)::double as share,
        changes.downloads_30d * panels.models >= 2 * panels.downloads_30d as is_large
    from changes
    join core_latest_models as models using (hub_id)
    join core_task_classes as classes using (hub_id)
    join panel_changes as panels on panels.day = changes.read_on and panels.task_class = coalesce(classes.task_class, 'all')
    where panels.models >= 10 and changes.hub_id not in (select hub_id from core_uncounted_repositories)
)
select
    kind,
    day,
    hub_id,
    repo_id,
    task_class,
    downloads_30d,
    read_on,
    round(share, 9) as share
from judged
where share >= 0.005 and is_large
