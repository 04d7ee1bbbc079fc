-- Parameters of a repository in core_repositories_to_rebuild, and their source.
-- grain: hub_id
-- Files of quantized copies understate the size. If a repository is quantized from its only used base, it gets the
-- largest count in the chain of copies above it, with the source of that count; its own name only if
-- no base has a count. A curated count ends the chain.
with recursive copies as (
    select
        edges.child_id as hub_id,
        min(edges.parent_id) as parent_id
    from core_used_edges as edges
    join core_rebuild_scope on core_rebuild_scope.hub_id = edges.child_id
    group by edges.child_id
    having count(*) = 1 and bool_and(edges.has_size_of_base) and min(edges.parent_id) is not null
),
chains as (
    select copies.hub_id, copies.parent_id as reached_id, 1 as steps
    from copies
    join core_repositories_to_rebuild using (hub_id)
    join core_declared_sizes as sizes using (hub_id)
    where sizes.params_source is null or sizes.params_source != 'curated'
    union all
    select chains.hub_id, copies.parent_id as reached_id, chains.steps + 1 as steps
    from chains
    join copies on copies.hub_id = chains.reached_id
    join core_declared_sizes as sizes on sizes.hub_id = chains.reached_id
    where sizes.params_source is null or sizes.params_source != 'curated'
),
candidates as (
    select chains.hub_id, chains.steps, sizes.params_total, sizes.params_active, sizes.params_source
    from chains
    join core_declared_sizes as sizes on sizes.hub_id = chains.reached_id
    union all
    select hub_id, 0 as steps, params_total, params_active, params_source
    from core_declared_sizes
    join core_repositories_to_rebuild using (hub_id)
),
measured as (
    select
        *,
        bool_or(steps > 0 and params_source is not null and params_source != 'name') over (
            partition by hub_id
        ) as has_measured_base
    from candidates
),
ranked as (
    select
        hub_id,
        params_total,
        params_active,
        params_source,
        row_number() over (
            partition by hub_id
            order by has_measured_base and steps = 0 and params_source = 'name', coalesce(params_total, 0) desc, steps
        ) as place
    from measured
)
select
    hub_id,
    params_total,
    params_active,
    params_source,
    case
        when params_total < 1e9 then '<1'
        when params_total < 5e9 then '1-5'
        when params_total < 10e9 then '5-10'
        when params_total < 50e9 then '10-50'
        when params_total < 100e9 then '50-100'
        when params_total < 250e9 then '100-250'
        when params_total >= 250e9 then '250+'
    end as size_bucket
from ranked
where place = 1
