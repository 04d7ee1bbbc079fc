-- The readings and downloads of each day that the series counts have the same sums in adoption_days, under both lenses.
-- severity: fail
with read as (
    select
        day,
        sum(listings.models) as models,
        sum(listings.downloads_30d) as downloads_30d
    from (
        select day, scope, count(*) as models, sum(downloads_30d) as downloads_30d
        from stg_model_days
        where hub_id not in (select hub_id from core_uncounted_repositories)
        group by day, scope
    ) as listings
    join core_usable_crawls as crawls using (day, scope)
    group by day
),
booked as (
    select
        day,
        sum(downloads) as downloads
    from model_flows
    where hub_id not in (select hub_id from core_uncounted_repositories)
    group by day
),
counted as (
    select
        day,
        lens,
        sum(models) as models,
        sum(downloads_30d) as downloads_30d,
        sum(downloads) as downloads
    from adoption_days
    group by day, lens
),
expected as (
    select
        day,
        lenses.lens,
        read.models,
        read.downloads_30d,
        booked.downloads
    from read
    full join booked using (day)
    cross join (select 'publisher' as lens union all select 'root') as lenses
)
select
    day,
    lens,
    expected.models as models_expected,
    counted.models as models_counted,
    expected.downloads_30d as downloads_30d_expected,
    counted.downloads_30d as downloads_30d_counted,
    expected.downloads as downloads_expected,
    counted.downloads as downloads_counted
from expected
full join counted using (day, lens)
where abs(coalesce(expected.models, -1) - coalesce(counted.models, -1)) > 0.001
    or abs(coalesce(expected.downloads_30d, -1) - coalesce(counted.downloads_30d, -1)) > 0.5
    or abs(coalesce(expected.downloads, -1) - coalesce(counted.downloads, -1)) > 0.5
