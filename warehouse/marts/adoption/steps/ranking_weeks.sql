-- Downloads of a repository in one of the last 13 weeks, if it had any.
-- grain: hub_id, week
-- Week 13 ends on the last known day of comparison_days. A week of which a part is before the days that are known and
-- comparable has no rows; in the others a repository without a row had no downloads.
select
    flows.hub_id,
    (13 - floor(date_diff('day', flows.day, days.known_until) / 7))::integer as week,
    sum(flows.downloads)::bigint as downloads
from model_flows as flows
join comparison_days as days on flows.day > days.known_until - 91 and flows.day <= days.known_until
where days.known_until - 7 * (1 + floor(date_diff('day', flows.day, days.known_until) / 7))::integer >= days.known_from - 1
group by flows.hub_id, (13 - floor(date_diff('day', flows.day, days.known_until) / 7))::integer
having sum(flows.downloads) > 0
order by flows.hub_id, week
