-- What a model outside the lake is built on by the registry: the first repositories in the lake, or names without a base.
-- grain: folded_ref, base_id, base_ref
-- incremental: merge; folded_ref varchar, base_id varchar, base_ref varchar, base_author varchar, steps integer, share decimal(19,18)
-- folded_ref is the name of the model in lower case. The registry's validation prevents bases that lead back to the
-- model; if some do anyway, they are followed for 20 steps.
with recursive entries as (
    select
        lower(bases.repo_id) as folded_ref,
        named.hub_id as base_id,
        bases.parent_ref as base_ref,
        (1.0::double / count(*) over (partition by lower(bases.repo_id)))::decimal(19, 18) as share
    from registry_bases as bases
    left join core_named_bases as named using (parent_ref)
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
