"""The family page: families, their days, members and derivatives; the largest families for the report."""

from datetime import date
from typing import Any

import polars as pl

from dashboards.charts.colours import SERIES
from dashboards.data.cache import cached
from dashboards.data.definition import Definition
from dashboards.data.vocabulary import NOT_KNOWN, OTHER
from dashboards.data.warehouse import Store, rows
from dashboards.queries.shared import IS_COUNTED, tracker

_FAMILIES = f"""
select
    families.family, families.name, families.lab as lab_id, labs.name as lab, labs.origin,
    sum(members.credited_30d)::double as downloads_30d
from families
left join labs using (lab)
left join (select family, credited_30d from family_members where {IS_COUNTED}) as members using (family)
group by families.family, families.name, families.lab, labs.name, labs.origin
order by downloads_30d desc nulls last, families.family
"""

_TOP = f"""
select
    hub_id, repo_id, publisher_origin, layer, size_bucket, released_on, weight::double as weight, downloads_30d,
    downloads_all_time, credited_30d::double as credited_30d
from family_members
where family = $family
    and {IS_COUNTED}
    and list_contains($layers::varchar[], counted_layer)
    and ($below_1b or is_below_1b is distinct from true)
    and ($gguf or not is_gguf)
order by credited_30d desc nulls last, hub_id
limit $most
"""


# Sums are of decimals, so that their last bit does not depend on the order of the rows.
_LARGEST = f"""
with summed as (
    select family, counted_layer as layer, sum(downloads_30d::decimal(38, 15)) as value
    from family_days
    where day = $day and lens = 'root' and {IS_COUNTED} and downloads_30d is not null
    group by all
),
parts as (
    select
        family, layer, value::double as value,
        value::double / nullif(sum(value) over (), 0)::double as share,
        sum(value) over (partition by family) as family_value
    from summed
),
ranked as (
    select *, dense_rank() over (order by family_value desc, family) as place
    from parts
    where family is not null
)
select ranked.family, coalesce(families.name, ranked.family) as name, ranked.layer, ranked.value, ranked.share
from ranked
left join families using (family)
where ranked.place <= $most and ranked.value > 0
order by ranked.place, ranked.layer
"""


@cached(20)
def families(store: Store, models: str) -> dict[str, dict[str, Any]]:
    """Family -> its name, lab, origin and credited 30-day downloads; all of the registry, the most downloaded first."""
    return {row["family"]: row for row in rows(store, _FAMILIES, {"models": models}).iter_rows(named=True)}


@cached(200)
def share(store: Store, definition: Definition, family: str, day: date) -> float | None:
    """The family's share of all 30-day downloads of a day, by root; None if it has none."""
    found = tracker(store).adoption(
        by="family", metric="downloads_30d", since=day, until=day, **{**definition.switches, "lens": "root"}
    )
    shares = found.filter(pl.col("family") == family)["share"]
    return shares[0] if len(shares) else None


@cached(200)
def generation_days(store: Store, definition: Definition, family: str, metric: str) -> pl.DataFrame:
    """One row per day and generation of the roots: day, code, value, share (of the family's whole).

    The largest on the last day have their own line, as many as there are colours; others are summed as 'other'.
    """
    found = tracker(store).adoption(
        by="generation", metric=metric, family=family, **{**definition.switches, "lens": "root"}
    )
    days = found.select("day", pl.col("generation").fill_null(NOT_KNOWN).alias("code"), value=metric, share="share")
    last = days.filter((pl.col("day") == pl.col("day").max()) & (pl.col("code") != NOT_KNOWN))
    drawn = [*last.sort("value", "code", descending=[True, False])["code"].head(len(SERIES)), NOT_KNOWN]
    line = pl.when(pl.col("code").is_in(drawn)).then("code").otherwise(pl.lit(OTHER)).alias("code")
    known = pl.col("share").count() > 0
    return (
        days.group_by("day", line)
        .agg(pl.col("value").sum(), pl.when(known).then(pl.col("share").sum()))
        .sort("day", "code")
    )


@cached(500)
def members(
    store: Store, definition: Definition, family: str, by: tuple[str, ...], by_maker: bool = True
) -> pl.DataFrame:
    """The members of the family, summed by weight, from the Python API."""
    switches = {name: value for name, value in definition.switches.items() if name != "lens"}
    return tracker(store).members(family, by=by, by_maker=by_maker, **switches)


@cached(200)
def top_models(store: Store, definition: Definition, family: str, most: int) -> pl.DataFrame:
    """The members of the family with most credited 30-day downloads."""
    switches = {
        "models": definition.models,
        "layers": list(definition.layers),
        "below_1b": definition.below_1b,
        "gguf": definition.gguf,
    }
    return rows(store, _TOP, {"family": family, "most": most, **switches})


@cached(200)
def derivatives(store: Store, models: str, family: str, min_downloads: int) -> pl.DataFrame:
    """New derivatives of the family by month and relation: month, relation, derivatives (weighted)."""
    found = tracker(store).derivatives(min_downloads, family, models)
    return found.group_by("month", "relation").agg(pl.col("derivatives").sum()).sort("month", "relation")


@cached(20)
def largest_families(store: Store, models: str, day: date, most: int) -> pl.DataFrame:
    """The families credited with most 30-day downloads on a day: family, name, layer, value, share (of all).

    Under the root lens, by weight; the largest family first, a row for each of its layers.
    """
    return rows(store, _LARGEST, {"models": models, "day": day, "most": most})
