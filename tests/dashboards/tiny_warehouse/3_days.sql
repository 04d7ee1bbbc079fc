-- What was booked on each day, known from the 18th on, and which days were read. By root, half of h4 is China's and half
-- is of a root nobody knows.
insert into lineage values ('h1', 'CN', 1), ('h2', 'US', 1), ('h3', 'FR', 1), ('h4', 'CN', 0.5), ('h4', null, 0.5),
    ('h6', 'KR', 1);
insert into adoption_days
    (day, lens, origin, lab, family, layer, models, downloads_30d, likes, downloads, downloads_7d_mean)
with counted (lens, hub_id, origin, weight) as (
    select 'publisher', hub_id, publisher_origin, 1.0 from models union all
    values ('root', 'h1', 'CN', 1.0), ('root', 'h2', 'US', 1.0), ('root', 'h3', 'FR', 1.0), ('root', 'h4', 'CN', 0.5),
        ('root', 'h4', null, 0.5), ('root', 'h6', 'KR', 1.0)
),
daily (hub_id, downloads) as (values ('h1', 100), ('h2', 90), ('h3', 30), ('h4', 80), ('h6', 10)),
days (day) as (select unnest(range(date '2026-08-18', date '2026-08-23', interval 1 day))::date)
select days.day, counted.lens, counted.origin, if(counted.lens = 'publisher', m.publisher_lab, null), m.family, m.layer,
    sum(if(d.hub_id is null, null, weight)), sum(d.downloads_30d * weight), sum(d.likes * weight),
    sum(daily.downloads * weight), sum(daily.downloads * weight)
from days cross join daily join counted using (hub_id) join models as m using (hub_id)
left join model_days as d on d.hub_id = daily.hub_id and d.day = days.day
group by all;
insert into origin_days
    (day, lens, origin, layer, is_below_1b, is_gguf, models, downloads, downloads_7d_mean, downloads_30d,
    downloads_all_time, likes)
select day, lens, origin, layer, null, layer = 'repackaged', sum(models), sum(downloads), sum(downloads_7d_mean),
    sum(downloads_30d), 5 * sum(downloads_30d), sum(likes)
from adoption_days
group by all;
insert into booked_days select day, 5 from (select distinct day from origin_days);
insert into coverage_days values
    ('2026-08-19', 'hub', 'complete', true, true, 5, 0, null),
    ('2026-08-20', 'hub', 'complete', true, true, 5, 0, null),
    ('2026-08-21', 'hub', 'missing', null, false, null, null, null),
    ('2026-08-22', 'hub', 'complete', true, true, 5, 2, null);

insert into panel_days
    select coalesce(coverage_days.day, origin_days.day), universe, models, null, 1.0, models is not null,
        if(models is null, null, 1), 1
    from (select distinct day, models from coverage_days where is_used) as coverage_days
    full outer join (select distinct day from origin_days) as origin_days using (day)
    cross join (select unnest(['language', 'all']) as universe);
insert into segments (task_class, segment, first_day, last_day, first_flow_day, last_flow_day, width)
    select universe, 1, '2026-08-18', '2026-08-22', '2026-07-20', '2026-08-22', 3
    from (select unnest(['language', 'all']) as universe);
insert into series_days select day, 3, true, 1, false from coverage_days where is_used;
insert into build values ('2026-08-22 12:00:00', '0.1.0', 'test', '2026-08-22', false);
