-- Six models, five of them with counters of three days: 19, 20 and 22 Aug 2026; the 21st was never read.
insert into origins (code, name, region) values
    ('CN', 'China', 'China'), ('US', 'United States', 'United States'), ('FR', 'France', 'Europe'),
    ('KR', 'South Korea', 'Other'), ('IL', 'Israel', 'Other'), ('ZZ', 'International', 'Unknown');
update origins set headline_place = case code when 'CN' then 1 else 2 end where code in ('CN', 'US');
update origins set adjective = case code when 'CN' then 'Chinese' else 'US' end where code in ('CN', 'US');
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
