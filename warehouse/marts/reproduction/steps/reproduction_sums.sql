-- Our value of a figure that adds up days or months: window downloads, copies of a family, new repositories.
-- grain: figure
-- Sums of country and family over the whole Hub are unknown where the tables have registered accounts only
-- (series_days.is_cut).
with requested as (
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
    requested.figure,
    coalesce(sum(days.downloads) filter (where days.origin = requested.subject), 0) / nullif(sum(days.downloads), 0)
        as our_value
from requested
join origin_days as days on days.lens = 'publisher' and days.day between requested.our_since and requested.our_until
where requested.measure = 'downloads_share' and not exists (select day from series_days where is_cut)
group by requested.figure
union all
select
    requested.figure,
    sum(flows.downloads)::double as our_value
from requested
join models on models.author = requested.subject
join model_flows as flows on flows.hub_id = models.hub_id and flows.day between requested.our_since and requested.our_until
where requested.measure = 'account_downloads'
group by requested.figure
union all
select
    requested.figure,
    coalesce(sum(days.downloads_30d::decimal(38, 9)) filter (where days.family = requested.subject), 0)::double as our_value
from requested
join family_days as days on days.lens = 'root' and days.is_gguf and days.day = requested.our_until
where requested.measure = 'gguf_downloads' and not exists (select day from series_days where is_cut)
group by requested.figure
union all
select
    requested.figure,
    (
        coalesce(sum(months.derivatives::decimal(28, 15)) filter (where months.root_family = requested.subject), 0)::double
        / nullif(sum(months.derivatives::decimal(28, 15)), 0)::double
    ) as our_value
from requested
join derivatives_months as months on months.min_downloads = 5 and months.month = requested.our_since
where requested.measure = 'new_derivatives_share'
group by requested.figure
