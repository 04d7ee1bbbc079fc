-- Our value of a figure that counts repositories built on a model or on an account's models.
-- grain: figure
-- Uses the repositories listed on the day. Counts direct links for an account, and links over any number of steps for a
-- model; releases do not count.
with recursive requested as (
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
        requested.figure,
        requested.measure,
        requested.day,
        models.hub_id,
        0 as depth
    from requested
    join models
        on (requested.measure = 'account_derivatives' and models.author = requested.subject)
        or (requested.measure = 'descendants' and models.repo_id = requested.subject)
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
