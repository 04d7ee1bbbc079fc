-- Downloads of a repository in one of the last 13 weeks.
-- grain: repository_key, week
-- Week 13 ends on the last known day of comparison_days. A week of which a part is before the days that are known and
-- comparable has no rows; in the others a repository without a row has unknown downloads, not none. They are whole if all
-- seven days are known, or all since the repository was created.
with flows as (
    select
        flows.hub_id,
        flows.downloads,
        13 - floor(date_diff('day', flows.day, days.known_until) / 7)::integer as week,
        days.known_from,
        days.known_until
    from model_flows as flows
    join comparison_days as days on flows.day > days.known_until - 91 and flows.day <= days.known_until
),
weeks as (
    select hub_id, week, known_until - 7 * (14 - week) as day_before, sum(downloads)::bigint as downloads, count(*) as days
    from flows
    where known_until - 7 * (14 - week) >= known_from - 1
    group by hub_id, week, known_until
)
select
    keys.repository_key,
    weeks.week,
    weeks.downloads,
    weeks.days = 7 or coalesce(models.created_at::date >= weeks.day_before, false) as is_whole
from weeks
join models on models.hub_id = weeks.hub_id
join core_repository_keys as keys on keys.hub_id = weeks.hub_id
order by keys.repository_key, weeks.week
