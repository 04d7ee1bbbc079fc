-- What a model outside the lake is built on: the first repositories in the lake, or names without a base.
-- grain: folded_ref, base_id, base_ref
-- incremental: merge; folded_ref varchar, base_id varchar, base_ref varchar, base_author varchar, steps integer, share decimal(19,18)
-- folded_ref is the name of the model in lower case. Its bases are those of the registry, else, unless it is a lab's, the
-- family whose architecture the repositories built on it have. The registry's validation prevents bases that lead back to the
-- model; if some do anyway, they are followed for 20 steps.
with recursive copied as (
    select
        lower(edges.parent_ref) as folded_ref,
        min(architectures.architecture) as architecture
    from core_distinct_edges as edges
    join core_architectures as architectures on architectures.hub_id = edges.child_id
    left join registry_organizations as organizations
        on organizations.role = 'lab' and lower(organizations.handle) = lower(edges.parent_author)
    left join registry_bases as bases on lower(bases.repo_id) = lower(edges.parent_ref)
    where
        edges.parent_id is null and edges.parent_author is not null and edges.relation != 'merge'
        and organizations.handle is null and bases.repo_id is null
    group by lower(edges.parent_ref)
    having count(distinct architectures.family) = 1
),
entries as (
    select
        lower(bases.repo_id) as folded_ref,
        named.hub_id as base_id,
        bases.parent_ref as base_ref,
        (1.0::double / count(*) over (partition by lower(bases.repo_id)))::decimal(19, 18) as share
    from registry_bases as bases
    left join core_named_bases as named using (parent_ref)
    union all
    select
        folded_ref,
        null::varchar as base_id,
        'architecture:' || architecture as base_ref,
        1.0::decimal(19, 18) as share
    from copied
),
reached as (
    select folded_ref, base_id, base_ref, 1 as steps, share
    from entries
    union all
    select
        reached.folded_ref,
        entries.base_id,
        entries.base_ref,
        reached.steps + 1 as steps,
        (reached.share * entries.share)::decimal(19, 18) as share
    from reached
    join entries on entries.folded_ref = lower(reached.base_ref)
    where reached.base_id is null and reached.steps < 20
)
select
    reached.folded_ref,
    reached.base_id,
    min(reached.base_ref) as base_ref,
    case
        when regexp_matches(min(reached.base_ref), '^[A-Za-z0-9_][A-Za-z0-9_.-]*/[A-Za-z0-9_.-]+$')
            then split_part(min(reached.base_ref), '/', 1)
    end as base_author,
    min(reached.steps) as steps,
    sum(reached.share)::decimal(19, 18) as share
from reached
left join (select distinct folded_ref from entries) as continued on continued.folded_ref = lower(reached.base_ref)
where reached.base_id is not null or continued.folded_ref is null
group by reached.folded_ref, reached.base_id, case when reached.base_id is null then lower(reached.base_ref) end
