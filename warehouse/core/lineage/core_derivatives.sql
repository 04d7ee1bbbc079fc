-- A repository that counts as a derivative: month of creation, relation to its bases, task class, last reading.
-- grain: hub_id
-- It has a used base, is not a release, and its creation date is known. Downloads are all-time (else 30-day) downloads
-- at its last reading. Links with different relations make the relation unknown.
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
)
select
    relations.hub_id,
    date_trunc('month', models.created_at)::date as month,
    relations.relation,
    classification.task_class,
    models.author,
    counts.day as last_day,
    coalesce(counts.downloads_all_time, counts.downloads_30d) as downloads
from relations
join core_latest_models as models using (hub_id)
join core_classification as classification on classification.hub_id = relations.hub_id and classification.layer != 'release'
join core_latest_counts as counts on counts.hub_id = relations.hub_id
where models.created_at is not null
