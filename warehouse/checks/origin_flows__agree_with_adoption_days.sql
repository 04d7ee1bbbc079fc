-- The downloads of a month in origin_flows equal those of its days in adoption_days, by publisher and by root.
-- severity: fail
with flows as (
    select month, 'publisher' as lens, publisher_origin as origin, sum(downloads) as downloads
    from origin_flows
    group by month, publisher_origin
    union all
    select month, 'root', root_origin, sum(downloads)
    from origin_flows
    group by month, root_origin
),
days as (
    select date_trunc('month', day)::date as month, lens, origin, sum(downloads) as downloads
    from adoption_days
    group by date_trunc('month', day)::date, lens, origin
)
select
    coalesce(flows.month, days.month) as month,
    coalesce(flows.lens, days.lens) as lens,
    coalesce(flows.origin, days.origin) as origin,
    flows.downloads as downloads_in_flows,
    days.downloads as downloads_in_days
from flows
full join days
    on flows.month = days.month and flows.lens = days.lens and flows.origin is not distinct from days.origin
where abs(coalesce(flows.downloads, -1) - coalesce(days.downloads, -1)) > 0.5
