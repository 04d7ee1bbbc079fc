-- Tables about the series: known days, events, crossovers, robustness, derivatives.
create table booked_days (day date, known_days bigint);
create table events (event_date date, kind varchar, title varchar);
create table crossovers (
    metric varchar, lens varchar, layer varchar, a varchar, b varchar, crossed_on date, low date, high date,
    is_ahead_throughout boolean, crossed_after date, holds boolean, task_class varchar default 'language'
);
create table lead_changes (
    definition varchar, metric varchar, lens varchar, layer varchar, a varchar, b varchar, crossed_on date,
    crossed_after date, holds boolean, task_class varchar default 'language'
);
create table crossover_observations (
    metric varchar, task_class varchar default 'language', day date, first_day date, last_day date, span_first date, span_last date
);
create table robustness (
    number bigint, headline varchar, definition varchar, value double, crossed_on date, is_ahead_throughout boolean,
    crossed_after date, holds boolean, lost_on date, lost_after date, is_lost boolean, is_behind_throughout boolean,
    task_class varchar default 'language'
);
create table lineage_coverage_days (day date, models_known_share double, downloads_known_share double);
create table derivatives_months (
    month date, root_origin varchar, root_family varchar, relation varchar, task_class varchar default 'language',
    min_downloads integer, derivatives double, publishers bigint
);
