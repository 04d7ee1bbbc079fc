"""The country-to-country page: publisher countries by base-model countries."""

from datetime import date
from typing import Any

import polars as pl

from dashboards.data.cache import cached
from dashboards.data.definition import Definition
from dashboards.data.vocabulary import NOT_KNOWN, OTHER
from dashboards.data.warehouse import Store, rows
from dashboards.queries.shared import IS_COUNTED

_MATRIX = f"""
with counted as (
    select
        coalesce(publisher_origin, $not_known) as publisher,
        coalesce(root_origin, $not_known) as root,
        sum(case when $count = 'models' then models else downloads end) as value
    from origin_flows
    where month = $month and {IS_COUNTED} and list_contains($layers::varchar[], counted_layer)
    group by all
),
either as (
    select publisher as origin, value from counted
    union all
    select root, value from counted where root != publisher
),
largest as (
    select origin
    from either
    where origin not in ('unaffiliated', $not_known)
    group by origin
    order by sum(value) desc nulls last, origin
    limit $most
),
named as (select origin from largest union all select 'unaffiliated' union all select $not_known),
folded as (
    select
        case when publisher in (select origin from named) then publisher else $other end as publisher,
        case when root in (select origin from named) then root else $other end as root,
        sum(value) as value
    from counted
    group by all
)
select
    publisher,
    root,
    value,
    value / nullif(sum(value) over (partition by publisher), 0) as row_share,
    value / nullif(sum(value) over (partition by root), 0) as column_share
from folded
order by publisher, root
"""

_LAYERS = f"""
select counted_layer as type, sum(case when $count = 'models' then models else downloads end)::double as value
from origin_flows
where month = $month and {IS_COUNTED} and list_contains($layers::varchar[], counted_layer)
    and publisher_origin = $publisher and root_origin = $root
group by type
having value is not null
order by type
"""

# As is_mixed_origin has it: 'unaffiliated' and ZZ name no country, so they are neither home nor abroad.
_FOREIGN = f"""
with counted as (
    select
        month,
        case when list_contains($own::varchar[], publisher_origin) then publisher_origin else $other end as code,
        root_origin not in ('unaffiliated', 'ZZ') and root_origin != publisher_origin as is_foreign,
        case when $count = 'models' then models else downloads end as value
    from origin_flows
    where publisher_origin not in ('unaffiliated', 'ZZ') and {IS_COUNTED}
        and list_contains($layers::varchar[], counted_layer)
)
select
    month,
    code,
    sum(value) as counted,
    case when sum(value) is not null then coalesce(sum(value) filter (where is_foreign), 0) end as on_foreign,
    coalesce(sum(value) filter (where is_foreign), 0) / nullif(sum(value), 0) as value
from counted
group by month, code
order by code, month
"""

_MIXED = (
    f"""
with mixed as (
    select
        models.hub_id, models.repo_id, models.publisher_origin, labs.name as lab, models.layer,
        counts.downloads_30d, counts.downloads_all_time
    from models
    left join latest_counts as counts using (hub_id)
    left join labs on labs.lab = models.publisher_lab
    where models.is_mixed_origin and models.is_listed and {IS_COUNTED}
        and list_contains($layers::varchar[], counted_layer)
    order by counts.downloads_30d desc nulls last, models.hub_id
    limit $most
"""
    + """
),
roots as (
    select
        hub_id,
        list({'root': root_ref, 'origin': root_origin, 'weight': weight} order by weight desc, root_ref) as roots
    from lineage
    where hub_id in (select hub_id from mixed)
    group by hub_id
)
select mixed.*, roots.roots
from mixed
join roots using (hub_id)
order by mixed.downloads_30d desc nulls last, mixed.hub_id
"""
)


@cached(20)
def months(store: Store) -> tuple[date, ...]:
    """The months with data, the latest first."""
    return tuple(rows(store, "select distinct month from origin_flows order by month desc")["month"])


@cached(20)
def last_day(store: Store) -> date | None:
    """The last day with known downloads."""
    day: date | None = rows(store, "select max(day) as last from booked_days")["last"][0]
    return day


@cached(200)
def matrix(store: Store, definition: Definition, month: date, count: str, most: int) -> pl.DataFrame:
    """The cells with data: publisher, root, value, row_share, column_share (0 to 1).

    `count` is downloads or models. The `most` largest origins have their own row and column, others are summed as
    'other'; 'unaffiliated' and unknown origins are separate.
    """
    values = {"month": month, "count": count, "most": most, "not_known": NOT_KNOWN, "other": OTHER}
    return rows(store, _MATRIX, {**_counted(definition), **values})


@cached(200)
def layers_of_flow(
    store: Store, definition: Definition, month: date, count: str, publisher: str, root: str
) -> dict[str, float]:
    """Layer -> the flow from one publisher country to one base-model country in a month."""
    values = {"month": month, "count": count, "publisher": publisher, "root": root}
    return dict(rows(store, _LAYERS, {**_counted(definition), **values}).iter_rows())


@cached(200)
def foreign_shares(store: Store, definition: Definition, count: str, own: tuple[str, ...]) -> pl.DataFrame:
    """Share of each publisher country on foreign base models: month, code, counted, on_foreign, value.

    Countries that are not in `own` are summed as 'other'. Months of a country without data are null.
    """
    found = rows(store, _FOREIGN, {**_counted(definition), "count": count, "own": list(own), "other": OTHER})
    if found.is_empty():
        return found
    calendar = found.select(pl.date_range(pl.col("month").min(), pl.col("month").max(), interval="1mo"))
    every = calendar.join(found.select(pl.col("code").unique()), how="cross")
    return every.join(found, on=["month", "code"], how="left").sort("code", "month")


@cached(50)
def mixed_models(store: Store, definition: Definition, most: int) -> pl.DataFrame:
    """Listed models whose publisher and root are in different countries, most downloaded first, with their roots."""
    return rows(store, _MIXED, {**_counted(definition), "most": most})


def _counted(definition: Definition) -> dict[str, Any]:
    return {"models": definition.models, "layers": list(definition.layers)}
