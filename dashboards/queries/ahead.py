"""What the overview asks beside the shares: when one country passed another, and how sure that is."""

from datetime import date
from typing import NamedTuple

import polars as pl

from dashboards.definition import Definition
from dashboards.queries.origins import adoption, of_metric
from dashboards.remembered import remembered
from dashboards.store import Store, rows
from dashboards.words.known import DaysKnown
from dashboards.words.terms import LAYERS, METRIC_NAMES
from tracker.api import GROUPS

_CROSSOVERS = """
select metric, a, b, crossed_on, low, high, is_ahead_throughout
from crossovers
where lens = $lens and layer = $layer
order by ($first not in (a, b) or $second not in (a, b)), least(a, b), greatest(a, b), metric, a
"""

_MOVED = """
select 'downloads' as metric, 'CN' as a, 'US' as b, crossed_on, null::date as low, null::date as high,
    is_ahead_throughout
from robustness
where definition = $definition and headline = 'share of China less share of the United States'
"""

_ALONE = """
select
    adoption.layer,
    {group} as code,
    sum(adoption.{metric})::double as value
from origin_days as adoption
left join origins on origins.code = adoption.origin
where adoption.day = $day and adoption.lens = $lens and list_contains($layers::varchar[], adoption.layer)
    and ($below_1b or adoption.is_below_1b is distinct from true) and ($gguf or not adoption.is_gguf)
    and {group} in ($first, $second)
group by all
"""

_KNOWN = """
select min(day) as first, max(day) as last, count(*) as days,
    (select min(day) from coverage_days where is_used) as read_from
from booked_days
"""

_COVERAGE = """
select models_known_share, downloads_known_share from lineage_coverage_days
where downloads_known_share is not null order by day desc limit 1
"""


class Leads(NamedTuple):
    """The difference between two groups' shares, as defined and with one switch moved."""

    difference: float
    moved: dict[str, float]
    """Switch moved -> the difference then, where both shares are known."""

    unknown: float
    """Share of what is counted under no known origin: so far the difference could move."""


@remembered(200)
def crossovers(store: Store, definition: Definition) -> pl.DataFrame:
    """Crossovers under a definition, China and the United States first: metric, a, b, crossed_on, low, high,
    is_ahead_throughout. No rows where none are computed; of a single moved switch one pair, without an interval.
    """
    layer, moved = definition.crossover_layer, definition.robustness_name
    if moved is not None:
        return rows(store, _MOVED, {"definition": moved})
    values = {"lens": definition.lens, "layer": layer or "", "first": "CN", "second": "US"}
    return rows(store, _CROSSOVERS, values)


@remembered(200)
def days_ahead(store: Store, definition: Definition, metric: str, first: str, second: str) -> str | None:
    """Which of two countries has more of a metric on the last day it is known of; None if neither."""
    days = of_metric(adoption(store, definition, "country"), metric)
    pair = days.filter(pl.col("code").is_in([first, second]))
    last = dict(pair.filter(pl.col("day") == pl.col("day").max()).select("code", "value").iter_rows())
    if len(last) < 2 or last[first] == last[second]:
        return None
    return first if last[first] > last[second] else second


def metric_leads(
    store: Store, definition: Definition, metric: str, group: str, day: date, first: str, second: str
) -> dict[str, float]:
    """Every other metric that is known of both on a day -> by how much of all `first` leads over `second`."""
    days = adoption(store, definition, group).filter(pl.col("day") == day)
    shares = {row["code"]: row for row in days.iter_rows(named=True) if row["code"] in (first, second)}
    others = [f"{other}_share" for other in METRIC_NAMES if other != metric]
    return {
        other.removesuffix("_share"): shares[first][other] - shares[second][other]
        for other in others
        if len(shares) == 2 and None not in (shares[first][other], shares[second][other])
    }


@remembered(200)
def layer_leads(
    store: Store, definition: Definition, metric: str, group: str, day: date, first: str, second: str
) -> dict[str, float]:
    """Each of several chosen layers, and 'all' unless all are chosen -> how much more of a metric `first` has than
    `second`; where neither has any, there is no lead.
    """
    sql = _ALONE.format(group=GROUPS["origin" if group == "country" else "region"], metric=metric)
    values = {
        "day": day, "lens": definition.lens, "layers": list(LAYERS), "below_1b": definition.below_1b,
        "gguf": definition.gguf, "first": first, "second": second,
    }  # fmt: skip
    found = rows(store, sql, values)
    found = found.with_columns(pl.col("value") * pl.when(pl.col("code") == first).then(1).otherwise(-1))
    lead = dict(found.group_by("layer").agg(pl.col("value").sum()).iter_rows())
    leads = {layer: lead.get(layer, 0.0) for layer in definition.layers if len(definition.layers) > 1}
    if set(definition.layers) != set(LAYERS):
        leads["all"] = sum(lead.values())
    return {layer: value for layer, value in leads.items() if value}


@remembered(20)
def roots_known(store: Store) -> tuple[float, float] | None:
    """Shares of repositories and of downloads whose root is known, on the last day with downloads."""
    found = rows(store, _COVERAGE)
    return None if found.is_empty() else (found[0, 0], found[0, 1])


@remembered(20)
def days_known(store: Store) -> DaysKnown | None:
    """The days with daily downloads, and the first day that was read; None where there are none."""
    first, last, days, read_from = rows(store, _KNOWN).row(0)
    return DaysKnown(first, last, days, read_from) if days else None


@remembered(200)
def leads(
    store: Store, definition: Definition, metric: str, group: str, day: date, first: str, second: str
) -> Leads | None:
    """How the lead of `first` over `second` moves with each switch; None where their shares are not known."""
    shares = _shares(store, definition, metric, group, day)
    if shares.get(first) is None or shares.get(second) is None:
        return None
    moved = {}
    for switch, other in definition.moved().items():
        found = _shares(store, other, metric, group, day)
        if found.get(first) is not None and found.get(second) is not None:
            moved[switch] = found[first] - found[second]
    return Leads(shares[first] - shares[second], moved, shares.get("not_known") or 0.0)


def _shares(store: Store, definition: Definition, metric: str, group: str, day: date) -> dict[str, float]:
    return dict(of_metric(adoption(store, definition, group, day), metric).select("code", "share").iter_rows())
