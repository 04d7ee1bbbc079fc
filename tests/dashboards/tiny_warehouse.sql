-- A tiny warehouse: every table the pages read, small enough to check with the eye.
-- Three days (19, 20, 22 August 2026; the 21st was never read), six models, five of them with counters. Daily downloads
-- are known from the 18th on. By root, half of h4 is China's and half is of a root nobody knows.

create table build (
    built_at timestamp, program_version varchar, registry_version varchar, last_day date, is_simulated boolean
);
create table origins (code varchar, name varchar, region varchar);
create table labs (lab varchar, name varchar, origin varchar, is_contested boolean, evidence varchar);
create table models (
    hub_id varchar, repo_id varchar, author varchar, created_at timestamp, released_on date, is_listed boolean,
    license varchar, params_total bigint, size_bucket varchar, is_gguf boolean, publisher_lab varchar,
    publisher_origin varchar, layer varchar, family varchar, generation varchar, pipeline_tag varchar,
    library_name varchar, last_modified timestamp, first_seen date, last_seen date, gated varchar, is_disabled boolean,
    params_source varchar, publisher_role varchar, root_origin varchar, root_family varchar, is_mixed_origin boolean
);
create table families (family varchar, name varchar);
create table model_days (
    hub_id varchar, day date, downloads_30d bigint, downloads_all_time bigint, likes bigint
);
create table adoption_days (
    day date, lens varchar, origin varchar, lab varchar, family varchar, layer varchar, size_bucket varchar,
    models double, downloads double, downloads_7d_mean double, downloads_30d double, likes double
);
create table origin_days (
    day date, lens varchar, origin varchar, layer varchar, is_below_1b boolean, is_gguf boolean, models double,
    downloads double, downloads_7d_mean double, downloads_30d double, likes double
);
create table coverage_days (
    day date, scope varchar, state varchar, is_complete boolean, is_used boolean, models bigint, refused bigint,
    incomplete_because varchar
);
create table booked_days (day date, known_days bigint);
create table events (event_date date, kind varchar, title varchar);
create table crossovers (
    metric varchar, lens varchar, layer varchar, a varchar, b varchar, crossed_on date, low date, high date,
    is_ahead_throughout boolean
);
create table robustness (
    number bigint, headline varchar, definition varchar, value double, crossed_on date, is_ahead_throughout boolean
);
create table lineage_coverage_days (day date, models_known_share double, downloads_known_share double);
create table derivatives_months (
    month date, root_origin varchar, root_family varchar, relation varchar, min_downloads integer, derivatives double,
    publishers bigint
);

insert into origins values
    ('CN', 'China', 'China'), ('US', 'United States', 'United States'), ('FR', 'France', 'Europe'),
    ('KR', 'South Korea', 'Other'), ('IL', 'Israel', 'Other'), ('ZZ', 'International', 'Unknown');
insert into labs (lab, name, origin) values
    ('alibaba', 'Alibaba', 'CN'), ('meta', 'Meta', 'US'), ('mistral', 'Mistral', 'FR');

insert into models (hub_id, repo_id, released_on, license, params_total, is_gguf, publisher_lab, publisher_origin,
    layer, family) values
    ('h1', 'Qwen/Qwen3-8B', '2025-04-27', 'apache-2.0', 8190735360, false, 'alibaba', 'CN', 'release', 'qwen'),
    ('h2', 'meta-llama/Llama-3.1-8B', '2024-07-14', 'llama3.1', 8030261248, false, 'meta', 'US', 'release', 'llama'),
    ('h3', 'mistralai/Mistral-7B-v0.1', '2023-09-20', 'apache-2.0', null, false, 'mistral', 'FR', 'release', 'mistral'),
    ('h4', 'someone/=cmd()-GGUF', '2026-08-01', null, null, true, null, 'unaffiliated', 'repackaged', 'qwen'),
    ('h5', 'someone/[x](javascript:alert(1))<b>', null, null, null, false, null, 'unaffiliated', 'other', null),
    ('h6', 'lab-kr/solar', '2026-08-02', 'mit', 10000000000, false, null, 'KR', 'release', null);

insert into model_days (hub_id, day, downloads_30d, downloads_all_time, likes)
select hub_id, day, base + 10 * (day - date '2026-08-19'), 5 * base, likes
from (values ('h1', 4000, 300), ('h2', 2000, 500), ('h3', 1000, 90), ('h4', 2500, 3), ('h6', 400, 7))
    as counters (hub_id, base, likes)
cross join (values (date '2026-08-19'), (date '2026-08-20'), (date '2026-08-22')) as days (day);
create table latest_counts as
select hub_id, day, downloads_30d, downloads_all_time, likes, rank() over (order by downloads_30d desc) as rank_30d
from model_days
where day = '2026-08-22';
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
select day, lens, origin, layer, null, layer = 'repackaged', sum(models), sum(downloads), sum(downloads_7d_mean),
    sum(downloads_30d), sum(likes)
from adoption_days
group by all;
insert into booked_days select day, 5 from (select distinct day from origin_days);
insert into events values ('2026-08-20', 'counting-rule', 'Another file counts'), ('2026-08-21', 'release', 'A release');
insert into crossovers values
    ('downloads', 'publisher', 'all', 'CN', 'US', '2026-08-20', '2026-08-18', '2026-08-21', false),
    ('downloads', 'publisher', 'all', 'US', 'CN', null, null, null, false),
    ('downloads_all_time', 'publisher', 'all', 'US', 'CN', null, null, null, true),
    ('downloads_all_time', 'publisher', 'all', 'CN', 'US', null, null, null, false);
insert into robustness values
    (1, 'share of China less share of the United States', 'baseline', 0.09, '2026-08-20', false),
    (5, 'share of China less share of the United States', 'without models below 1B', -0.02, null, false),
    (6, 'share of China less share of the United States', 'without GGUF', 0.11, '2026-08-19', false);
insert into lineage_coverage_days values ('2026-08-22', 0.9, 0.8);
insert into derivatives_months values
    ('2022-03-01', 'US', 'llama', 'finetune', 0, 900, 9), ('2026-05-01', 'CN', 'qwen', 'finetune', 0, 1, 1),
    ('2026-05-01', 'US', 'llama', 'merge', 0, 30, 2), ('2026-07-01', 'CN', 'qwen', 'quantized', 0, 6, 2),
    ('2026-07-01', null, null, 'merge', 0, 2, 1), ('2026-07-01', 'CN', 'qwen', 'quantized', 50, 1, 1),
    ('2026-08-01', 'CN', 'qwen', 'finetune', 0, 70, 2);
insert into coverage_days values
    ('2026-08-19', 'hub', 'complete', true, true, 5, 0, null),
    ('2026-08-20', 'hub', 'complete', true, true, 5, 0, null),
    ('2026-08-21', 'hub', 'missing', null, false, null, null, null),
    ('2026-08-22', 'hub', 'complete', true, true, 5, 2, null);

insert into build values ('2026-08-22 12:00:00', '0.1.0', 'test', '2026-08-22', false);
