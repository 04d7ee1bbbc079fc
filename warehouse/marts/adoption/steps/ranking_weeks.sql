-- Downloads of a repository in one of the last 13 weeks with known downloads.
-- grain: hub_id, week
-- Week 13 ends on the last known day of comparison_days. A week has no row if no download of it is known, or if a part of
-- it is before the days that are known and comparable.
select
    flows.hub_id,
    (13 - floor(date_diff('day', flows.day, days.known_until) / 7))::integer as week,
    sum(flows.downloads)::bigint as downloads
from model_flows as flows
join comparison_days as days on flows.day > days.known_until - 91 and flows.day <= days.known_until
where days.known_until - 7 * (1 + floor(date_diff('day', flows.day, days.known_until) / 7))::integer >= days.known_from - 1
group by flows.hub_id, (13 - floor(date_diff('day', flows.day, days.known_until) / 7))::integer
order by flows.hub_id, week
