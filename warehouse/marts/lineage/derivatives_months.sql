-- Repositories created in a month on bases of somebody else, by the root's country and family, with their publishers.
-- grain: month, root_origin, root_family, relation, min_downloads
-- Counted from creation dates, hence years of it from the first crawl on, but of survivors only: what was deleted before
-- it was first read is missing. Counted are repositories with a used base that are no release, with more all-time (else
-- 30-day) downloads at their last reading than min_downloads. 2022-03 stands for then or earlier. Links of different
-- relations make the relation unknown.
select
    derivatives.month,
    roots.root_origin,
    roots.root_family,
    derivatives.relation,
    thresholds.min_downloads,
    sum(roots.weight::decimal(16, 15))::double as derivatives,
    count(distinct derivatives.author) as publishers
from core_derivatives as derivatives
join core_derivative_thresholds as thresholds on derivatives.downloads > thresholds.min_downloads
join core_root_attributes as roots using (hub_id)
group by
    derivatives.month, roots.root_origin, roots.root_family, derivatives.relation, thresholds.min_downloads
