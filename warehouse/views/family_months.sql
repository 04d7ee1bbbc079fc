-- Downloads of language models in a whole month by family, its share, and the change against the month before.
-- grain: month, family
-- Whole months only: a month is left out unless the downloads of all its days are known. `downloads` counts for the
-- publisher, `downloads_by_base` for the makers of the base models; each counts everything once, so never add the two.
-- Changes leave out repositories that existed before but are known only on a part of the two months: change = downloads -
-- downloads_before - downloads_first_read. They are NULL if the month before is not whole or not comparable.
-- The row without a family holds all models that belong to none.
with whole as (
    select
        month,
        family,
        coalesce(sum(downloads), 0)::bigint as downloads,
        coalesce(round(sum(downloads_by_base), 6), 0) as downloads_by_base,
        sum(first_read)::bigint as first_read,
        sum(first_read_before)::bigint as first_read_before
    from steps.month_downloads
    group by month, family
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
    left join whole as before on before.month = months.month_before and before.family is not distinct from whole.family
)
select
    compared.month,
    compared.family collate nocase as family,
    families.name collate nocase as family_name,
    families.lab collate nocase as lab,
    labs.name collate nocase as lab_name,
    labs.origin collate nocase as origin,
    origins.name collate nocase as origin_name,
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
left join families on families.family = compared.family
left join labs on labs.lab = families.lab
left join origins on origins.code = labs.origin
window months as (partition by compared.month)
