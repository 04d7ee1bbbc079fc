-- Derivatives created in a month that go back to a root, by weight: derivatives_months root by root.
-- grain: month, root_id, root_ref, task_class, min_downloads
-- Counts the same repositories as derivatives_months, of the same panel, so the sums over roots are the same. A root
-- held by a repackager has the family of the maker, and no generation.
with panels as (
    select task_class, max(first_day) as first_day
    from segments
    where break_kind is null or break_kind in ('scope', 'replaced')
    group by task_class
)
select
    derivatives.month,
    roots.root_id,
    roots.root_ref,
    roots.root_family,
    roots.root_generation,
    derivatives.task_class,
    thresholds.min_downloads,
    sum(roots.weight::decimal(16, 15))::double as derivatives
from core_derivatives as derivatives
join core_derivative_thresholds as thresholds on derivatives.downloads > thresholds.min_downloads
join core_root_attributes as roots using (hub_id)
left join panels on panels.task_class = coalesce(derivatives.task_class, 'all')
where (panels.first_day is null or derivatives.last_day >= panels.first_day)
    and derivatives.hub_id not in (select hub_id from core_uncounted_repositories)
group by
    derivatives.month, roots.root_id, roots.root_ref, roots.root_family, roots.root_generation,
    derivatives.task_class, thresholds.min_downloads
order by roots.root_id, roots.root_ref, derivatives.month, derivatives.task_class, thresholds.min_downloads
