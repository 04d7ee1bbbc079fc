-- Derivatives created in a month, by country and family of the root and by task class, with the number of their publishers.
-- grain: month, root_origin, root_family, relation, task_class, min_downloads
-- Counted by creation date, so the series starts years before the first crawl, but without repositories deleted before
-- it. Derivatives have a used base, are not releases, and have more all-time (else 30-day) downloads at their last
-- reading than min_downloads. 2022-03 means then or earlier. Links with different relations make the relation unknown.
-- All months are of one panel: repositories last read before the scope changed, or before other models replaced those
-- read, are left out.
with panels as (
    select task_class, max(first_day) as first_day
    from segments
    where break_kind is null or break_kind in ('scope', 'replaced')
    group by task_class
)
select
    derivatives.month,
    roots.root_origin,
    roots.root_family,
    derivatives.relation,
    derivatives.task_class,
    thresholds.min_downloads,
    sum(roots.weight::decimal(16, 15))::double as derivatives,
    count(distinct derivatives.author) as publishers
from core_derivatives as derivatives
join core_derivative_thresholds as thresholds on derivatives.downloads > thresholds.min_downloads
join core_root_attributes as roots using (hub_id)
left join panels on panels.task_class = coalesce(derivatives.task_class, 'all')
where (panels.first_day is null or derivatives.last_day >= panels.first_day)
    and derivatives.hub_id not in (select hub_id from core_uncounted_repositories)
group by
    derivatives.month, roots.root_origin, roots.root_family, derivatives.relation, derivatives.task_class,
    thresholds.min_downloads
