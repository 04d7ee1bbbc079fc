-- A repository that the series leaves out: its account is not registered, and the series has registered accounts only.
-- grain: hub_id
-- Empty unless wider days are cut to registered accounts (core_scope_days.is_cut).
select hub_id
from core_publishers
where publisher_origin = 'unaffiliated' and (select coalesce(bool_or(is_cut), false) from core_scope_days)
