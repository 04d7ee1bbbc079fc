-- Centred 7-day mean of each measure in concentration_days.
-- grain: day, lens, task_class, of
-- Over the known days of one segment (panel_days.flow_segment), and unknown if fewer than four of the seven are known,
-- like downloads_7d_mean. These are means of measures: members that take turns at the top look as concentrated as one
-- that stays there. Whole billionths (millionths of the effective number) are added, so that the order does not matter.
with placed as (
    select days.*, panels.flow_segment
    from concentration_days as days
    left join panel_days as panels using (day, task_class)
),
means as (
    select
        day, lens, task_class, of, flow_segment,
        count(hhi) over week as known_days,
        sum(round(hhi * 1e9)::bigint) over week as hhi,
        sum(round(effective_number * 1e6)::bigint) over week as effective_number,
        sum(round(gini * 1e9)::bigint) over week as gini,
        sum(round(top1_share * 1e9)::bigint) over week as top1_share,
        sum(round(top10_share * 1e9)::bigint) over week as top10_share
    from placed
    window week as (
        partition by lens, task_class, of, flow_segment
        order by day range between interval 3 days preceding and interval 3 days following
    )
),
known as (
    select *, flow_segment is not null and known_days >= 4 as is_known
    from means
)
select
    day, lens, task_class, of, known_days,
    case when is_known then round(hhi / known_days) / 1e9 end as hhi_7d_mean,
    case when is_known then round(effective_number / known_days) / 1e6 end as effective_number_7d_mean,
    case when is_known then round(gini / known_days) / 1e9 end as gini_7d_mean,
    case when is_known then round(top1_share / known_days) / 1e9 end as top1_share_7d_mean,
    case when is_known then round(top10_share / known_days) / 1e9 end as top10_share_7d_mean
from known
