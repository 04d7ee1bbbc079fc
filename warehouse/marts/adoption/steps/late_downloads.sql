-- Downloads in a month of a repository that existed before the first listing that had it: only of the months around that.
-- grain: hub_id, month
-- incremental: merge; hub_id varchar, month date, downloads bigint, first_day date
-- Ends with the month after that of the first reading: from then on, whole months before are known. first_day is the
-- first day of the month with known downloads.
with booked as (
    select
        firsts.hub_id,
        date_trunc('month', flows.day)::date as month,
        flows.day as first_day,
        flows.downloads
    from new_model_flows as flows
    join core_first_readings as firsts on firsts.hub_id = flows.hub_id and firsts.is_late
    where flows.day < date_trunc('month', firsts.day + 1) + interval 2 month
    union all
    select hub_id, month, first_day, downloads
    from earlier_late_downloads
    where hub_id not in (select hub_id from core_unsettled_repositories)
)
select hub_id, month, sum(downloads)::bigint as downloads, min(first_day) as first_day
from booked
group by hub_id, month
