-- Downloads of a day credited to a root, or how many of the repositories that are alone had so many downloads each.
-- grain: root_number, day, downloads_each
-- carried: merged; root_number integer, day date, downloads_each bigint, downloads decimal(38,15), repositories bigint
-- Either root_number or downloads_each is known. What is new is added to the earlier sums, what changed corrects them.
with changes as (
    select flows.day, flows.downloads, roots.root_number, roots.is_alone, roots.weight, 1 as sign
    from new_model_flows as flows
    join core_concentration_roots as roots using (hub_id)
    union all
    select flows.day, flows.downloads, moves.root_number, moves.is_alone, moves.weight, moves.sign
    from earlier_model_flows as flows
    join core_credit_moves as moves using (hub_id)
),
sums as (
    select
        case when not is_alone then root_number end as root_number,
        day,
        case when is_alone then downloads end as downloads_each,
        sum(case when not is_alone then downloads * weight end) as downloads,
        sum(sign) as repositories
    from changes
    group by case when not is_alone then root_number end, day, case when is_alone then downloads end
    union all
    select root_number, day, downloads_each, downloads, repositories
    from earlier_core_credited_days
)
select
    root_number,
    day,
    downloads_each,
    sum(downloads)::decimal(38, 15) as downloads,
    sum(repositories)::bigint as repositories
from sums
group by root_number, day, downloads_each
having sum(repositories) > 0
