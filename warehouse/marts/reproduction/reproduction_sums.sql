-- A figure of ours from sums of days and months: downloads of a window, copies of a family, what a month created.
-- grain: figure
with wanted as (
    select
        published.figure,
        published.measure,
        published.subject,
        windows.our_since,
        windows.our_until
    from registry_published as published
    join reproduction_windows as windows on windows.figure = published.figure and windows.our_until is not null
)
select
    wanted.figure,
    coalesce(sum(days.downloads) filter (where days.origin = wanted.subject), 0) / nullif(sum(days.downloads), 0)
        as our_value
from wanted
join origin_days as days on days.lens = 'publisher' and days.day between wanted.our_since and wanted.our_until
where wanted.measure = 'downloads_share'
group by wanted.figure
union all
select
    wanted.figure,
    sum(flows.downloads)::double as our_value
from wanted
join models on models.author = wanted.subject
join model_flows as flows on flows.hub_id = models.hub_id and flows.day between wanted.our_since and wanted.our_until
where wanted.measure = 'account_downloads'
group by wanted.figure
union all
select
    wanted.figure,
    coalesce(sum(days.downloads_30d::decimal(38, 9)) filter (where days.family = wanted.subject), 0)::double as our_value
from wanted
join family_days as days on days.lens = 'root' and days.is_gguf and days.day = wanted.our_until
where wanted.measure = 'gguf_downloads'
group by wanted.figure
union all
select
    wanted.figure,
    (
        coalesce(sum(months.derivatives::decimal(28, 15)) filter (where months.root_family = wanted.subject), 0)::double
        / nullif(sum(months.derivatives::decimal(28, 15)), 0)::double
    ) as our_value
from wanted
join derivatives_months as months on months.min_downloads = 5 and months.month = wanted.our_since
where wanted.measure = 'new_derivatives_share'
group by wanted.figure
