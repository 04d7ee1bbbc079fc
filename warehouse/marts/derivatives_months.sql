-- Repositories created in a month on bases of somebody else, by the root's country and family, with their publishers.
-- grain: month, root_origin, root_family, relation, min_downloads
-- Counted from creation dates, hence years of it from the first crawl on, but of survivors only: what was deleted before
-- it was first read is missing. Counted are repositories with a used base that are no release, with more all-time (else
-- 30-day) downloads at their last reading than min_downloads. 2022-03 stands for then or earlier. Links of different
-- relations make the relation unknown.
with relations as (
    select
        child_id as hub_id,
        case
            when count(distinct case when relation != 'unknown' then relation end) = 1
                then min(case when relation != 'unknown' then relation end)
            else 'unknown'
        end as relation
    from core_used_edges
    group by child_id
),
thresholds as (
    select 0 as min_downloads
    union all
    select 5
    union all
    select 50
)
select
    date_trunc('month', models.created_at)::date as month,
    roots.root_origin,
    roots.root_family,
    relations.relation,
    thresholds.min_downloads,
    sum(roots.weight::decimal(16, 15))::double as derivatives,
    count(distinct models.author) as publishers
from relations
join core_latest_models as models using (hub_id)
join core_standings as standings on standings.hub_id = relations.hub_id and standings.layer != 'release'
join core_group_latest_counts as counts on counts.hub_id = relations.hub_id
join thresholds
    on coalesce(counts.downloads_all_time, counts.downloads_30d) > thresholds.min_downloads
join core_root_origins as roots on roots.hub_id = relations.hub_id
where models.created_at is not null
group by
    date_trunc('month', models.created_at)::date, roots.root_origin, roots.root_family, relations.relation,
    thresholds.min_downloads
