-- The only family that the name of a repackager's repository matches, for repositories with declared bases.
-- grain: hub_id
with repackaged as (
    select distinct models.hub_id, models.repo_name
    from core_repositories_to_rebuild
    join core_latest_models as models using (hub_id)
    join core_publishers as publishers using (hub_id)
    join core_distinct_edges as edges on edges.child_id = models.hub_id and edges.declared_in != 'registry'
    where publishers.publisher_role = 'repackager' and publishers.publisher_lab is null
)
select
    repackaged.hub_id,
    min(patterns.family) as family
from repackaged
join registry_name_patterns as patterns
    on patterns.initials = left(regexp_replace(lower(repackaged.repo_name), '[^a-z0-9]', '', 'g'), 2)
    and regexp_matches(repackaged.repo_name, patterns.pattern)
group by repackaged.hub_id
having count(distinct patterns.family) = 1
