-- A day with a usable listing: whether it belongs to the series of all models, or is only a part, and its segment.
-- grain: day
-- A day is a part if a wider listing was read in the 30 days before, or if more than 5% of the downloads were missing
-- that came back. The same for each class of models: panel_days. If the last whole day has registered accounts only, the
-- sums of wider days are cut to them (is_cut): one series has one panel.
select
    scopes.day,
    scopes.width_read as width,
    coalesce(panels.is_whole, scopes.is_whole) as is_whole,
    panels.segment,
    scopes.is_cut
from core_scope_days as scopes
left join panel_days as panels on panels.day = scopes.day and panels.task_class = 'all'
