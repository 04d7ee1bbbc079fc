-- All-time downloads of a release at an age, compared with the leaders of its class and size at the same age.
-- grain: hub_id, age_days
-- Only models of the layer release with a known task class. ram_median divides by the median of the ten most downloaded
-- models of the task class and size bucket, chosen by their latest all-time counters among those known at this age.
-- ram_tenth divides by the tenth highest counter at this age, which never decreases with age and is unknown if fewer
-- than ten are known. Only counters read in one segment are compared: of a list of thirty models all are leaders.
with spans as (
    select
        task_class,
        segment,
        first_day,
        lead(first_day) over (partition by task_class order by segment) as next_first_day
    from segments
),
counts as (
    select counts.*, spans.segment
    from core_momentum_counts as counts
    left join spans
        on spans.task_class = counts.task_class and spans.first_day <= counts.day
        and (spans.next_first_day is null or counts.day < spans.next_first_day)
),
ranked as (
    select
        *,
        row_number() over (
            partition by task_class, segment, size_bucket, age_days order by downloads_now desc nulls last, hub_id
        ) as rank_now,
        row_number() over (
            partition by task_class, segment, size_bucket, age_days order by downloads_all_time desc, hub_id
        ) as rank_then
    from counts
    where size_bucket is not null
),
leaders as (
    select
        task_class,
        segment,
        size_bucket,
        age_days,
        count(*) as bucket_models,
        median(case when rank_now <= 10 then downloads_all_time end) as median_of_ten,
        max(case when rank_then = 10 then downloads_all_time end) as tenth
    from ranked
    group by task_class, segment, size_bucket, age_days
),
baselines as (
    select
        task_class,
        segment,
        size_bucket,
        age_days,
        bucket_models,
        median_of_ten,
        case
            when tenth is not null then max(tenth) over (
                partition by task_class, segment, size_bucket order by age_days rows between unbounded preceding and current row
            )
        end as tenth
    from leaders
)
select
    counts.hub_id,
    counts.age_days,
    counts.downloads_all_time,
    counts.downloads_all_time / nullif(baselines.median_of_ten, 0)::double as ram_median,
    counts.downloads_all_time / nullif(baselines.tenth, 0)::double as ram_tenth,
    counts.task_class,
    counts.size_bucket,
    baselines.bucket_models,
    (select max(day) from core_usable_crawls) as baseline,
    counts.segment
from counts
left join baselines
    on baselines.task_class = counts.task_class and baselines.segment is not distinct from counts.segment
    and baselines.size_bucket = counts.size_bucket and baselines.age_days = counts.age_days
