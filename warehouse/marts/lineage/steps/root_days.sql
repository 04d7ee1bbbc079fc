-- Downloads of a day credited to a root: its own and those of all its descendants, by weight.
-- grain: root_id, root_ref, day
-- Only roots that others are built on have rows. A repository without bases and derivatives is credited with its own
-- downloads in model_flows. Rows are sorted by root within each month, so that a few roots are read fast.
select
    models.hub_id as root_id,
    coalesce(models.repo_id, keys.root) as root_ref,
    credited.day,
    sum(credited.downloads)::double as downloads
from core_root_credit_days as credited
join core_root_keys as keys using (root_key)
left join core_latest_models as models on models.hub_id = keys.root
where credited.root_key is not null
group by credited.root_key, keys.root, models.hub_id, models.repo_id, credited.day
order by date_trunc('month', credited.day), credited.root_key, credited.day
