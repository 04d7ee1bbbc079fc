-- Centred 7-day mean of each measure in concentration_days.
-- grain: day, lens, task_class, of
-- Over the known days, and unknown if fewer than four of the seven are known, like downloads_7d_mean. These are means
-- of measures: members that take turns at the top look as concentrated as one that stays there.
with means as (
    select
        day, lens, task_class, of,
        count(hhi) over week as known_days,
        avg(hhi) over week as hhi,
        avg(effective_number) over week as effective_number,
        avg(gini) over week as gini,
        avg(top1_share) over week as top1_share,
        avg(top10_share) over week as top10_share
    from concentration_days
    window week as (
        partition by lens, task_class, of order by day range between interval 3 days preceding and interval 3 days following
    )
)
select
    day, lens, task_class, of, known_days,
    case when known_days >= 4 then round(hhi, 9) end as hhi_7d_mean,
    case when known_days >= 4 then round(effective_number, 6) end as effective_number_7d_mean,
    case when known_days >= 4 then round(gini, 9) end as gini_7d_mean,
    case when known_days >= 4 then round(top1_share, 9) end as top1_share_7d_mean,
    case when known_days >= 4 then round(top10_share, 9) end as top10_share_7d_mean
from means
