-- A root held by a repackager, and the maker of its model: by the registry, else by the only family matching its name.
-- grain: root_id, root_ref
-- Copying a model does not make the repackager its maker. If neither source identifies the maker, lab, family and
-- origin are unknown.
with copies as (
    select
        lineage.root_id,
        lineage.root_ref,
        models.repo_name,
        publishers.publisher_lab as lab
    from (select distinct root_id, root_ref from core_lineage where root_id is not null) as lineage
    join core_publishers as publishers on publishers.hub_id = lineage.root_id
    join core_latest_models as models on models.hub_id = lineage.root_id
    where publishers.publisher_role = 'repackager'
    union all
    select
        null::varchar as root_id,
        parent_ref as root_ref,
        repo_name,
        lab
    from core_unresolved_bases
    where role = 'repackager'
),
fitting as (
    select
        copies.root_id,
        copies.root_ref,
        min(patterns.family) as family,
        min(patterns.lab) as lab
    from copies
    join registry_name_patterns as patterns
        on patterns.initials = left(regexp_replace(lower(copies.repo_name), '[^a-z0-9]', '', 'g'), 2)
        and regexp_matches(copies.repo_name, patterns.pattern) and (copies.lab is null or copies.lab = patterns.lab)
    group by copies.root_id, copies.root_ref
    having count(distinct patterns.family) = 1
)
select
    copies.root_id,
    copies.root_ref,
    coalesce(copies.lab, fitting.lab) as lab,
    fitting.family,
    labs.origin
from copies
left join fitting on fitting.root_ref = copies.root_ref and fitting.root_id is not distinct from copies.root_id
left join registry_labs as labs on labs.lab = coalesce(copies.lab, fitting.lab)
