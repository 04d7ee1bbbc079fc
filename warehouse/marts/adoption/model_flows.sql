-- Estimated downloads of a repository on one day. Sums between any two usable readings are exact.
-- grain: hub_id, day
-- incremental: delete+insert core_unsettled_repositories; hub_id varchar, day date, downloads bigint, basis varchar
-- The downloads of an interval are spread evenly over its days in whole numbers; the remainder goes to its first days.
-- If the counter dropped and recovered, one interval covers all days until then. If it dropped for good, the interval
-- has no downloads, or those that the 30-day counters of a large repository imply (basis identity). Rows are sorted by
-- repository within each month, so the history of one repository is a small part of each month.
with intervals as not materialized (
    select repository_key, from_day, to_day, change as downloads, basis
    from core_counter_deltas
    where repository_key not in (select repository_key from core_drop_recoveries)
    union all
    select
        deltas.repository_key,
        deltas.from_day,
        deltas.to_day,
        coalesce(estimates.downloads, greatest(deltas.change, 0)) as downloads,
        case when estimates.downloads is null then deltas.basis else 'identity' end as basis
    from core_corrected_deltas as deltas
    left join core_drop_estimates as estimates using (repository_key, to_day)
    union all
    select
        repository_key,
        from_day,
        to_day,
        change as downloads,
        basis
    from core_initial_deltas
),
named as not materialized (
    select keys.hub_id, intervals.*
    from intervals
    join core_repository_keys as keys using (repository_key)
),
several_moments as (
    select *, unnest(generate_series(from_day + 1, to_day, interval 1 day)) as moment
    from named
    where to_day > from_day + 1
),
several_days as (
    select
        hub_id, repository_key, moment::date as day, from_day, date_diff('day', from_day, to_day) as days, downloads, basis
    from several_moments
),
all_days as (
    select
        hub_id,
        repository_key,
        to_day as day,
        downloads,
        basis
    from named
    where to_day = from_day + 1
    union all
    select
        hub_id,
        repository_key,
        day,
        downloads // days + case when date_diff('day', from_day, day) <= downloads % days then 1 else 0 end as downloads,
        basis
    from several_days
)
select
    hub_id,
    day,
    downloads,
    basis
from all_days
order by date_trunc('month', day), repository_key, day
