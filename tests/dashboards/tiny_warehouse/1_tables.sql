-- The tables that pages read, as a build makes them, without the columns that no page reads. All models write text, and
-- nobody publishes copies of the own models.
create table build (
    built_at timestamp, program_version varchar, registry_version varchar, last_day date, is_simulated boolean
);
create table origins (code varchar, name varchar, region varchar, headline_place tinyint, adjective varchar);
create table organizations (handle varchar, other_origin varchar);
create table labs (lab varchar, name varchar, origin varchar, is_contested boolean, evidence varchar);
create table models (
    hub_id varchar, repo_id varchar, author varchar, created_at timestamp, released_on date, is_listed boolean,
    license varchar, params_total bigint, size_bucket varchar, is_gguf boolean, publisher_lab varchar,
    publisher_origin varchar, layer varchar, is_by_maker boolean default false, task_class varchar default 'language',
    family varchar, generation varchar, pipeline_tag varchar,
    library_name varchar, last_modified timestamp, first_seen date, last_seen date, gated varchar, is_disabled boolean,
    params_source varchar, publisher_role varchar, root_origin varchar, root_family varchar, is_mixed_origin boolean,
    counted_layer varchar as (case when layer = 'repackaged' and is_by_maker then 'release' else layer end)
);
create table lineage (hub_id varchar, root_origin varchar, weight double);
create table families (family varchar, name varchar, lab varchar, compare_place tinyint);
create table model_days (
    hub_id varchar, day date, downloads_30d bigint, downloads_all_time bigint, likes bigint
);
create table adoption_days (
    day date, lens varchar, origin varchar, lab varchar, family varchar, layer varchar,
    is_by_maker boolean default false, task_class varchar default 'language', size_bucket varchar,
    models double, downloads double, downloads_7d_mean double, downloads_30d double, likes double,
    counted_layer varchar as (case when layer = 'repackaged' and is_by_maker then 'release' else layer end)
);
create table origin_days (
    day date, lens varchar, origin varchar, layer varchar, is_by_maker boolean default false,
    task_class varchar default 'language', is_below_1b boolean, is_gguf boolean, models double,
    downloads double, downloads_7d_mean double, downloads_30d double, downloads_all_time double, likes double,
    counted_layer varchar as (case when layer = 'repackaged' and is_by_maker then 'release' else layer end)
);
create table family_days (
    day date, lens varchar, origin varchar, lab varchar, family varchar, generation varchar, layer varchar,
    is_by_maker boolean, task_class varchar, is_below_1b boolean, is_gguf boolean, downloads_30d double,
    arrived_30d double,
    counted_layer varchar as (case when layer = 'repackaged' and is_by_maker then 'release' else layer end)
);
create table coverage_days (
    day date, scope varchar, state varchar, is_complete boolean, is_used boolean, models bigint, refused bigint,
    incomplete_because varchar
);
create table crawls (day date, scope varchar, source varchar, is_recorded boolean, ended_at timestamp);
create table series_days (day date, width integer, is_whole boolean, segment bigint, is_cut boolean);
create table panel_days (
    day date, task_class varchar, models bigint, downloads_30d bigint, coverage double, is_whole boolean, segment bigint, flow_segment bigint
);
create table large_changes (
    kind varchar, day date, hub_id varchar, repo_id varchar, task_class varchar, downloads_30d bigint, read_on date
);
create table segments (
    task_class varchar, segment bigint, first_day date, last_day date, first_flow_day date, last_flow_day date,
    width integer, models bigint, models_before bigint, left_share double, arrived_share double, break_kind varchar
);
create table comparison_days (last_day date, day_before date, known_from date, known_until date);
create table ranking_counts (
    hub_id varchar, repo_id varchar, author varchar, downloads_30d bigint, downloads_30d_before bigint,
    downloads_7d bigint, downloads_7d_previous bigint,
    is_new boolean
);
create table quality_events (kind varchar, day date, hub_id varchar);
