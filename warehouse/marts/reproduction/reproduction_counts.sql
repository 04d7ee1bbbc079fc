-- A figure of ours that counts repositories made from a model or from an account's models, listed on the day read.
-- grain: figure
-- Made from: over used links, directly for an account, over any number of steps for a model; own releases do not count.
with recursive wanted as (
    select
        published.figure,
        published.measure,
        published.subject,
        windows.our_until as day
    from registry_published as published
    join reproduction_windows as windows on windows.figure = published.figure and windows.our_until is not null
    where published.measure in ('account_derivatives', 'descendants')
),
reached as (
    select
        wanted.figure,
        wanted.measure,
        wanted.day,
        models.hub_id,
        0 as depth
    from wanted
    join models
        on (wanted.measure = 'account_derivatives' and models.author = wanted.subject)
        or (wanted.measure = 'descendants' and models.repo_id = wanted.subject)
    union
    select
        reached.figure,
        reached.measure,
        reached.day,
        edges.child_id as hub_id,
        1 as depth
    from reached
    join edges on edges.parent_id = reached.hub_id and edges.is_used
    where reached.depth = 0 or reached.measure = 'descendants'
)
select
    reached.figure,
    count(distinct models.hub_id) filter (
        where reached.depth = 1 and models.layer != 'release' and models.first_seen <= reached.day
        and models.last_seen >= reached.day
    )::double as our_value
from reached
join models using (hub_id)
group by reached.figure
