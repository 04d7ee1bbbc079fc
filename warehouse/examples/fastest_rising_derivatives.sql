-- Which derivatives gained the most downloads this week compared with the week before?
with weeks as (
    select
        flows.hub_id,
        sum(flows.downloads) filter (where flows.day > build.last_day - 7) as this_week,
        sum(flows.downloads) filter (where flows.day <= build.last_day - 7) as week_before
    from model_flows as flows
    cross join build
    where flows.day > build.last_day - 14
    group by flows.hub_id
)
select
    models.repo_id,
    models.root_family_name,
    weeks.this_week,
    weeks.week_before,
    weeks.this_week - weeks.week_before as gained
from weeks
join models_now as models using (hub_id)
where models.layer = 'derivative' and weeks.this_week is not null and weeks.week_before is not null
order by gained desc, models.repo_id
limit 25
