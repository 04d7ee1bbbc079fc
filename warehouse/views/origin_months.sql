-- Downloads of language models in a whole month by country, its share, and the change against the month before.
-- grain: month, origin
-- Whole months only: a month is left out unless the downloads of all its days are known. `downloads` counts for the
-- publisher, `downloads_by_base` for the makers of the base models; each counts everything once, so never add the two.
-- Changes leave out repositories that existed before but are known only on a part of the two months: change = downloads -
-- downloads_before - downloads_first_read. They are NULL if the month before is not whole or not comparable.
with whole as (
    select
        month,
        origin,
        coalesce(sum(downloads), 0)::bigint as downloads,
        coalesce(round(sum(downloads_by_base), 6), 0) as downloads_by_base,
        sum(first_read)::bigint as first_read,
        sum(first_read_before)::bigint as first_read_before
    from steps.month_downloads
    group by month, origin
),
compared as (
    select
        whole.*,
        case when months.month_before is not null then coalesce(before.downloads, 0) end as downloads_before,
        whole.downloads - whole.first_read as like_for_like,
        case when months.month_before is not null then coalesce(before.downloads, 0) - whole.first_read_before end
            as like_for_like_before
    from whole
    join steps.whole_months as months on months.month = whole.month
    left join whole as before on before.month = months.month_before and before.origin is not distinct from whole.origin
)
select
    compared.month,
    compared.origin collate nocase as origin,
    coalesce(origins.name, case when compared.origin = 'unaffiliated' then 'Unaffiliated' end) collate nocase
        as origin_name,
    origins.region collate nocase as region,
    compared.downloads,
    compared.downloads / nullif(sum(compared.downloads) over months, 0) as share,
    compared.downloads_before,
    compared.like_for_like - compared.like_for_like_before as change,
    100.0 * (compared.like_for_like - compared.like_for_like_before) / nullif(compared.like_for_like_before, 0)
        as change_percent,
    100.0 * (
        compared.like_for_like / nullif(sum(compared.like_for_like) over months, 0)
        - compared.like_for_like_before / nullif(sum(compared.like_for_like_before) over months, 0)
    ) as share_change_points,
    compared.downloads_by_base,
    round(compared.downloads_by_base / nullif(sum(compared.downloads_by_base) over months, 0), 12) as share_by_base,
    case when compared.downloads_before is not null then compared.first_read - compared.first_read_before end
        as downloads_first_read
from compared
left join origins on origins.code = compared.origin
window months as (partition by compared.month)
