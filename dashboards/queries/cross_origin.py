"""The country-to-country page: publisher countries by base-model countries."""

from datetime import date

import polars as pl

from dashboards.data.cache import cached
from dashboards.data.vocabulary import NOT_KNOWN, OTHER
from dashboards.data.warehouse import Store, rows

_MATRIX = """
with counted as (
    select
        coalesce(publisher_origin, $not_known) as publisher,
        coalesce(root_origin, $not_known) as root,
        sum(case when $count = 'models' then models else downloads end) as value
    from origin_flows
    where month = $month and list_contains($layers::varchar[], layer)
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

_LAYERS = """
select layer, sum(case when $count = 'models' then models else downloads end)::double as value
from origin_flows
where month = $month and list_contains($layers::varchar[], layer)
    and publisher_origin = $publisher and root_origin = $root
group by layer
having value is not null
order by layer
"""

# As is_mixed_origin has it: 'unaffiliated' and ZZ name no country, so they are neither home nor abroad.
_FOREIGN = """
with counted as (
    select
        month,
        case when list_contains($own::varchar[], publisher_origin) then publisher_origin else $other end as code,
        root_origin not in ('unaffiliated', 'ZZ') and root_origin != publisher_origin as is_foreign,
        case when $count = 'models' then models else downloads end as value
    from origin_flows
    where publisher_origin not in ('unaffiliated', 'ZZ') and list_contains($layers::varchar[], layer)
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

_MIXED = """
with mixed as (
    select
        models.hub_id, models.repo_id, models.publisher_origin, labs.name as lab, models.layer,
        counts.downloads_30d, counts.downloads_all_time
    from models
    left join latest_counts as counts using (hub_id)
    left join labs on labs.lab = models.publisher_lab
    where models.is_mixed_origin and models.is_listed and list_contains($layers::varchar[], models.layer)
    order by counts.downloads_30d desc nulls last, models.hub_id
    limit $most
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
def matrix(store: Store, month: date, layers: tuple[str, ...], count: str, most: int) -> pl.DataFrame:
    """The cells with data: publisher, root, value, row_share, column_share (0 to 1).

    `count` is downloads or models. The `most` largest origins have their own row and column, others are summed as
    'other'; 'unaffiliated' and unknown origins are separate.
    """
    values = {"month": month, "layers": list(layers), "count": count, "most": most}
    return rows(store, _MATRIX, {**values, "not_known": NOT_KNOWN, "other": OTHER})


@cached(200)
def layers_of_flow(
    store: Store, month: date, layers: tuple[str, ...], count: str, publisher: str, root: str
) -> dict[str, float]:
    """Layer -> the flow from one publisher country to one base-model country in a month."""
    values = {"month": month, "layers": list(layers), "count": count, "publisher": publisher, "root": root}
    return dict(rows(store, _LAYERS, values).iter_rows())


@cached(200)
def foreign_shares(store: Store, layers: tuple[str, ...], count: str, own: tuple[str, ...]) -> pl.DataFrame:
    """Share of each publisher country on foreign base models: month, code, counted, on_foreign, value.

    Countries that are not in `own` are summed as 'other'. Months of a country without data are null.
    """
    found = rows(store, _FOREIGN, {"layers": list(layers), "count": count, "own": list(own), "other": OTHER})
    if found.is_empty():
        return found
    calendar = found.select(pl.date_range(pl.col("month").min(), pl.col("month").max(), interval="1mo"))
    every = calendar.join(found.select(pl.col("code").unique()), how="cross")
    return every.join(found, on=["month", "code"], how="left").sort("code", "month")


@cached(50)
def mixed_models(store: Store, layers: tuple[str, ...], most: int) -> pl.DataFrame:
    """Listed models whose publisher and root are in different countries, most downloaded first, with their roots."""
    return rows(store, _MIXED, {"layers": list(layers), "most": most})
