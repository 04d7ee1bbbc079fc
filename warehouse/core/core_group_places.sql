-- The group a repository is in, kept for the next build.
-- grain: hub_id
-- carried: merged; hub_id varchar, group_id varchar
select hub_id, group_id
from core_group_members
