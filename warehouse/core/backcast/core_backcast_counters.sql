-- All-time counter 30 days before a reading, calculated as that reading minus its 30-day counter.
-- grain: repository_key, day
-- Only for days before the first reading of a repository that is not new (see core_first_readings). A value that
-- contradicts the others is rejected, because counters do not drop. A reading after a drop gives no information about
-- the days before it, unless the counter has recovered.
with falls as (
    select
        repository_key,
        min(first_day) as day
    from core_drop_recoveries
    where change < 0
    group by repository_key
),
implied as (
    select
        readings.repository_key,
        readings.day - 30 as day,
        readings.downloads_all_time - readings.downloads_30d as downloads_all_time,
        first_readings.downloads_all_time as highest
    from core_readings as readings
    join core_usable_days as used on used.day = readings.day and used.is_used
    join (select * from core_first_readings where is_recomputed) as first_readings using (repository_key)
    left join falls using (repository_key)
    left join core_drop_recoveries as spans
        on spans.repository_key = readings.repository_key
        and readings.day >= spans.first_day and readings.day < spans.to_day and spans.is_recovered
    where not first_readings.is_new
        and readings.day < first_readings.day + 30
        and (falls.day is null or readings.day < falls.day)
        and spans.repository_key is null
        and (first_readings.zero_on is null or readings.day - 30 > first_readings.zero_on)
        and readings.downloads_30d is not null
    union all
    select
        repository_key,
        zero_on as day,
        0 as downloads_all_time,
        downloads_all_time as highest
    from core_first_readings
    where is_recomputed and zero_on is not null and not is_new
),
bounded as (
    select
        *,
        max(downloads_all_time) over earlier as highest_before,
        min(case when downloads_all_time >= 0 then downloads_all_time end) over later as lowest_after
    from implied
    window
        earlier as (partition by repository_key order by day rows between unbounded preceding and 1 preceding),
        later as (partition by repository_key order by day rows between 1 following and unbounded following)
)
select
    repository_key,
    day,
    downloads_all_time,
    downloads_all_time <= highest
    and downloads_all_time >= greatest(coalesce(highest_before, 0), 0)
    and downloads_all_time <= coalesce(lowest_after, downloads_all_time) as is_used
from bounded
