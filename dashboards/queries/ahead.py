"""What the overview asks beside the shares: when one country passed another, and how sure that is."""

from datetime import date
from typing import NamedTuple

import polars as pl

from dashboards.definition import Definition
from dashboards.queries.origins import adoption, of_metric
from dashboards.remembered import remembered
from dashboards.store import Store, rows

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

_AGREEING = """
select count(*) filter (value > 0) as china, count(*) filter (value < 0) as united_states, count(value) as definitions
from robustness
where headline = 'share of China less share of the United States'
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
def flow_ahead(store: Store, definition: Definition, first: str, second: str) -> str | None:
    """Which of two countries has more daily downloads (7-day mean) on the last day known; None if neither."""
    days = of_metric(adoption(store, definition, "country"), "downloads_7d_mean")
    pair = days.filter(pl.col("code").is_in([first, second]))
    last = dict(pair.filter(pl.col("day") == pl.col("day").max()).select("code", "value").iter_rows())
    if len(last) < 2 or last[first] == last[second]:
        return None
    return first if last[first] > last[second] else second


@remembered(20)
def agreeing(store: Store) -> tuple[int, int, int]:
    """Under how many definitions China, and the United States, has the larger share; and how many there are."""
    china, united_states, definitions = rows(store, _AGREEING).row(0)
    return china, united_states, definitions


@remembered(20)
def roots_known(store: Store) -> tuple[float, float] | None:
    """Shares of repositories and of downloads whose root is known, on the last day with downloads."""
    found = rows(store, _COVERAGE)
    return None if found.is_empty() else (found[0, 0], found[0, 1])


@remembered(20)
def first_day(store: Store) -> date | None:
    """The first day with daily downloads."""
    found: date | None = rows(store, "select min(day) as day from booked_days")["day"][0]
    return found


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
