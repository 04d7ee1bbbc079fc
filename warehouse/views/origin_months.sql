-- Downloads of language models in a whole month by country, its share, and the change against the month before.
-- grain: month, origin
-- Whole months only: a month is left out unless the downloads of all its days are known. `downloads` counts for the
-- publisher, `downloads_by_base` for the makers of the base models; each counts everything once, so never add the two.
-- Changes are NULL if the month before is not whole or not comparable.
with summed as (
    select
        date_trunc('month', day)::date as month,
        origin,
        round(sum(case when lens = 'publisher' then downloads end))::bigint as downloads,
        round(sum(case when lens = 'root' then downloads end), 6) as downloads_by_base
    from adoption_days
    where task_class = 'language'
    group by date_trunc('month', day)::date, origin
),
whole as (
    select
        whole_months.month,
        whole_months.month_before,
        summed.origin,
        coalesce(summed.downloads, 0) as downloads,
        coalesce(summed.downloads_by_base, 0) as downloads_by_base,
        coalesce(summed.downloads, 0) / nullif(sum(summed.downloads) over (partition by whole_months.month), 0) as share,
        round(
            coalesce(summed.downloads_by_base, 0)
            / nullif(sum(summed.downloads_by_base) over (partition by whole_months.month), 0),
            12
        ) as share_by_base
    from steps.whole_months
    join summed on summed.month = whole_months.month
    where coalesce(summed.downloads, summed.downloads_by_base) is not null
),
compared as (
    select
        whole.*,
        case when whole.month_before is not null then coalesce(before.downloads, 0) end as downloads_before,
        case when whole.month_before is not null then coalesce(before.share, 0) end as share_before
    from whole
    left join whole as before
        on before.month = whole.month_before and before.origin is not distinct from whole.origin
)
select
    compared.month,
    compared.origin collate nocase as origin,
    coalesce(origins.name, case when compared.origin = 'unaffiliated' then 'Unaffiliated' end) collate nocase
        as origin_name,
    origins.region collate nocase as region,
    compared.downloads,
    compared.share,
    compared.downloads_before,
    compared.downloads - compared.downloads_before as change,
    100.0 * (compared.downloads - compared.downloads_before) / nullif(compared.downloads_before, 0) as change_percent,
    100.0 * (compared.share - compared.share_before) as share_change_points,
    compared.downloads_by_base,
    compared.share_by_base
from compared
left join origins on origins.code = compared.origin
