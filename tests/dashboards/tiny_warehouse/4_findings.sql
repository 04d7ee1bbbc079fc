-- Events, crossovers with their intervals, and new derivatives of each month.
insert into events values ('2026-08-20', 'counting-rule', 'Another file counts'), ('2026-08-21', 'release', 'A release');
insert into crossovers
    (metric, lens, layer, a, b, crossed_on, low, high, is_ahead_throughout, crossed_after, holds) values
    ('downloads', 'publisher', 'all', 'CN', 'US', '2026-08-20', '2026-08-18', '2026-08-21', false, '2026-08-19', true),
    ('downloads', 'publisher', 'all', 'US', 'CN', null, null, null, false, null, null),
    ('downloads_all_time', 'publisher', 'all', 'US', 'CN', null, null, null, true, null, null),
    ('downloads_all_time', 'publisher', 'all', 'CN', 'US', null, null, null, false, null, null);
insert into lead_changes (definition, metric, lens, layer, a, b, crossed_on, crossed_after, holds) values
    ('baseline', 'downloads', 'publisher', 'all', 'CN', 'US', '2026-08-20', '2026-08-19', true);
insert into crossover_observations (metric, day, first_day, last_day, span_first, span_last)
    select 'downloads', day, day, day, day, day from booked_days;
insert into robustness (number, headline, definition, value, crossed_on, is_ahead_throughout) values
    (1, 'share of China less share of the United States', 'baseline', 0.09, '2026-08-20', false),
    (5, 'share of China less share of the United States', 'without models below 1B', -0.02, null, false),
    (6, 'share of China less share of the United States', 'without GGUF', 0.11, '2026-08-19', false);
insert into lineage_coverage_days values ('2026-08-22', 0.9, 0.8);
insert into derivatives_months (month, root_origin, root_family, relation, min_downloads, derivatives, publishers) values
    ('2022-03-01', 'US', 'llama', 'finetune', 0, 900, 9), ('2026-05-01', 'CN', 'qwen', 'finetune', 0, 1, 1),
    ('2026-05-01', 'US', 'llama', 'merge', 0, 30, 2), ('2026-07-01', 'CN', 'qwen', 'quantized', 0, 6, 2),
    ('2026-07-01', null, null, 'merge', 0, 2, 1), ('2026-07-01', 'CN', 'qwen', 'quantized', 50, 1, 1),
    ('2026-08-01', 'CN', 'qwen', 'finetune', 0, 70, 2);
