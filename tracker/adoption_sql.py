"""What the Python API asks of adoption: of all groups, or of some with their shares of all."""

COUNTED = """
    where adoption.lens = $lens
        and ($layers::varchar[] is null or list_contains($layers::varchar[], adoption.layer))
        and ($below_1b or {is_below_1b} is distinct from true)
        and ($gguf or not {is_gguf})
        and adoption.day >= coalesce($since::date, adoption.day)
        and adoption.day <= coalesce($until::date, adoption.day)
        {of_family}
"""
"""Which rows of a table count; the switches stand in the table's own words."""

OF_ALL = """
with summed as (
    select adoption.day, {group} as {by}, sum(adoption.{metric})::double as {metric}
    from {table} as adoption
    left join origins on origins.code = adoption.origin
    {counted}
    group by all
)
select day, {by}, {metric}, {metric} / nullif(sum({metric}) over (partition by day), 0) as share
from summed
where {metric} is not null
order by day, {metric} desc, {by}
"""

OF_SOME = """
with summed as (
    select adoption.day, {group} as {by}, sum(adoption.{metric})::double as {metric}
    from {table} as adoption
    left join origins on origins.code = adoption.origin
    {counted}
        and list_contains($of::varchar[], {group})
    group by all
),
totals as (
    select adoption.day, sum(adoption.{metric})::double as total
    from {whole} as adoption
    {counted}
    group by all
)
select day, {by}, {metric}, {metric} / nullif(totals.total, 0) as share
from summed
join totals using (day)
where {metric} is not null
order by day, {metric} desc, {by}
"""
