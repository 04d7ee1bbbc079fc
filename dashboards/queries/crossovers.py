"""Crossovers and leads between countries, and how they change with the definition."""

from dataclasses import replace
from datetime import date
from typing import NamedTuple

import polars as pl

from dashboards.data.cache import cached
from dashboards.data.definition import Definition
from dashboards.data.known_days import DaysKnown
from dashboards.data.vocabulary import LAYERS, METRIC_NAMES, NOT_KNOWN
from dashboards.data.warehouse import Store, rows
from dashboards.queries.overview import day_metrics, day_shares, day_values, of_metric
from dashboards.queries.shared import PART_COLUMNS, Part, by_group, is_counted, readings

_CROSSOVERS = """
select task_class, lens, layer, metric, a, b, crossed_on, low, high, is_ahead_throughout, crossed_after, holds
from crossovers
order by ($first not in (a, b) or $second not in (a, b)), least(a, b), greatest(a, b), metric, a
"""

_MOVED = """
select 'downloads' as metric, 'CN' as a, 'US' as b, crossed_on, null::date as low, null::date as high,
    is_ahead_throughout, crossed_after, holds
from robustness
where definition = $definition and task_class = $models
    and headline = 'share of China less share of the United States'
union all
select 'downloads', 'US', 'CN', lost_on, null, null, is_behind_throughout, lost_after, is_lost
from robustness
where definition = $definition and task_class = $models
    and headline = 'share of China less share of the United States'
order by a
"""

_CHANGES = """
select definition, task_class, lens, layer, metric, a, b, crossed_on, crossed_after, holds
from lead_changes
order by metric, crossed_on, a
"""

_KNOWN = """
with last_segments as (
    select task_class, max(segment) as segment, max_by(first_day, segment) as first_day
    from segments
    group by task_class
),
observed as (
    select task_class, count(*) filter (last_day - first_day >= 7) * 2 > count(*) as is_vague
    from crossover_observations
    where metric = 'downloads'
    group by task_class
)
select
    panels.task_class,
    min(panels.day) as first,
    max(panels.day) as last,
    count(*) as days,
    any_value(last_segments.first_day) as read_from,
    any_value(observed.is_vague) as is_vague,
    any_value(last_segments.segment) > 1 as is_later_segment
from panel_days as panels
join last_segments on last_segments.task_class = panels.task_class and last_segments.segment = panels.flow_segment
left join observed on observed.task_class = panels.task_class
group by panels.task_class
"""

_COVERAGE = """
select models_known_share, downloads_known_share from lineage_coverage_days
where downloads_known_share is not null order by day desc limit 1
"""


_CONTESTED = """
with chosen as materialized (
    select hub_id, author, publisher_origin as origin, organizations.other_origin, {part_columns}
    from models as adoption
    join organizations on organizations.handle = adoption.author
    where organizations.other_origin is not null and adoption.publisher_origin != 'unaffiliated'
)
select
    chosen.* exclude (hub_id), sum(days.downloads_30d)::double as downloads_30d, sum(days.likes)::double as likes
from chosen
join {readings} as days using (hub_id)
where days.day = $day
group by all
"""


class Leads(NamedTuple):
    """The difference of two groups' shares, also with one switch of the definition changed."""

    difference: float
    moved: dict[str, float]
    """Changed switch, or contested organisations -> the difference, where both shares are known."""

    unknown: float
    """Share of unknown origin: the difference could change by this much."""

    contested: str = ""
    """The largest organisation that is counted the other way in `moved`; empty if there is none."""


@cached(200)
def crossovers(store: Store, definition: Definition) -> pl.DataFrame:
    """Last crossovers under a definition: metric, a, b, crossed_on, low, high, is_ahead_throughout, ...

    China and the United States come first. No rows where none are computed; definitions of the robustness table have
    this pair only, without an interval.
    """
    moved = definition.robustness_name
    if moved is not None:
        return rows(store, _MOVED, {"definition": moved, "models": definition.models})
    return (
        _all_crossovers(store)
        .filter(task_class=definition.models, lens=definition.lens, layer=definition.crossover_layer or "")
        .drop("task_class", "lens", "layer")
    )


@cached(4)
def _all_crossovers(store: Store) -> pl.DataFrame:
    """The crossovers under every definition, a thousand rows."""
    return rows(store, _CROSSOVERS, {"first": "CN", "second": "US"})


@cached(200)
def lead_changes(store: Store, definition: Definition) -> pl.DataFrame:
    """Every change of the lead under a definition, earlier ones too: metric, a, b, crossed_on, crossed_after, holds."""
    moved = definition.robustness_name
    layer = "all" if moved else definition.crossover_layer or ""
    return (
        _all_lead_changes(store)
        .filter(definition=moved or "baseline", task_class=definition.models, lens=definition.lens, layer=layer)
        .drop("definition", "task_class", "lens", "layer")
    )


@cached(4)
def _all_lead_changes(store: Store) -> pl.DataFrame:
    """The changes of the lead under every definition, some hundred rows."""
    return rows(store, _CHANGES)


@cached(200)
def first_shares(store: Store, definition: Definition, first: str, second: str) -> tuple[float, float] | None:
    """Shares of two countries in the 30 days before the first reading of the last segment; None if unknown."""
    known, days = (
        days_known(store, definition.models),
        of_metric(store, definition, "country", "downloads_30d"),
    )
    if known is None:
        return None
    pair = days.filter((pl.col("day") == known.read_from) & pl.col("code").is_in([first, second]))
    shares = dict(pair.select("code", "share").iter_rows())
    return (shares[first], shares[second]) if len(shares) == 2 and None not in shares.values() else None


@cached(200)
def leader(store: Store, definition: Definition, metric: str, first: str, second: str) -> str | None:
    """The country with more of a metric on its last known day; None if they are equal or unknown."""
    days = of_metric(store, definition, "country", metric)
    pair = days.filter(pl.col("code").is_in([first, second]))
    last = dict(pair.filter(pl.col("day") == pl.col("day").max()).select("code", "value").iter_rows())
    if len(last) < 2 or last[first] == last[second]:
        return None
    return first if last[first] > last[second] else second


def metric_leads(
    store: Store, definition: Definition, metric: str, group: str, day: date, first: str, second: str
) -> dict[str, float]:
    """Every other metric known for both on a day -> the lead of `first` over `second`, as a share of all."""
    days = day_metrics(store, definition, group, day)
    shares = {row["code"]: row for row in days.iter_rows(named=True) if row["code"] in (first, second)}
    others = [f"{other}_share" for other in METRIC_NAMES if other != metric]
    return {
        other.removesuffix("_share"): shares[first][other] - shares[second][other]
        for other in others
        if len(shares) == 2 and None not in (shares[first][other], shares[second][other])
    }


def layer_leads(
    store: Store, definition: Definition, metric: str, group: str, day: date, first: str, second: str
) -> dict[str, float]:
    """Each of several selected layers, and 'all' unless all are selected -> the lead of `first` in a metric.

    A layer that neither country has, or that is unknown for one, is left out.
    """
    tried: dict[str, tuple[str, ...]] = {}
    if len(definition.layers) > 1:
        tried = {layer: (layer,) for layer in definition.layers}
    if set(definition.layers) != set(LAYERS):
        tried["all"] = LAYERS
    leads = {}
    for name, layers in tried.items():
        found = day_values(store, replace(definition, layers=layers), metric, group, day)
        ours, theirs = found.get(first, 0.0), found.get(second, 0.0)  # no row: it has no such models
        if ours is not None and theirs is not None:
            leads[name] = ours - theirs
    return {name: lead for name, lead in leads.items() if lead}


@cached(20)
def roots_known(store: Store) -> tuple[float, float] | None:
    """Shares of repositories and of downloads with a known root on the last day with downloads."""
    found = rows(store, _COVERAGE)
    return None if found.is_empty() else (found[0, 0], found[0, 1])


def days_known(store: Store, models: str) -> DaysKnown | None:
    """The days with daily downloads in the last segment, and its first reading; None if there are none."""
    return _days_known(store).get(models)


@cached(4)
def _days_known(store: Store) -> dict[str, DaysKnown]:
    return {
        models: DaysKnown(first, last, days, read_from, bool(is_vague), bool(is_later))
        for models, first, last, days, read_from, is_vague, is_later in rows(store, _KNOWN).iter_rows()
    }


@cached(200)
def leads(
    store: Store, definition: Definition, metric: str, group: str, day: date, first: str, second: str
) -> Leads | None:
    """How the lead of `first` over `second` changes with each switch; None if their shares are unknown."""
    shares = day_shares(store, definition, metric, group, day)
    if not {first, second} <= shares.keys():
        return None
    moved = {}
    for switch, other in definition.moved().items():
        found = day_shares(store, other, metric, group, day)
        if {first, second} <= found.keys():
            moved[switch] = found[first] - found[second]
    difference, other_way = shares[first] - shares[second], contested(store, definition, metric, group, day)
    if not other_way:
        return Leads(difference, moved, shares.get(NOT_KNOWN, 0.0))
    whole = sum(value or 0.0 for value in day_values(store, definition, metric, group, day).values())
    sign = {first: 1.0, second: -1.0}
    turned = sum(value * (sign.get(to, 0.0) - sign.get(code, 0.0)) for (_, code, to), value in other_way.items())
    moved["contested"] = difference + turned / whole
    largest = min(other_way, key=lambda of: (-other_way[of], of))
    return Leads(difference, moved, shares.get(NOT_KNOWN, 0.0), largest[0])


def contested(
    store: Store, definition: Definition, metric: str, group: str, day: date
) -> dict[tuple[str, str, str], float]:
    """Contested organisation, its origin and the other one -> its counters on a day, without zeros.

    Empty by base model, and for metrics that are not a sum of the counters of the day.
    """
    found: dict[tuple[str, str, str], float] = {}
    if definition.lens == "publisher" and metric in ("downloads_30d", "likes"):
        for part in _contested_parts(store, group, day):
            if part[metric] and is_counted(part, definition):
                of = (part["author"], part["code"], part["other"])
                found[of] = found.get(of, 0.0) + part[metric]
    return found


@cached(20)
def _contested_parts(store: Store, group: str, day: date) -> list[Part]:
    """The counters of contested organisations on a day by every switch. Do not modify."""
    return by_group(store, by_group(store, _contested_origins(store, day), group), group, "other_origin", "other")


@cached(20)
def _contested_origins(store: Store, day: date) -> list[Part]:
    sql = _CONTESTED.format(part_columns=PART_COLUMNS.strip(), readings=readings(store, day))
    return rows(store, sql, {"day": day, "maker_copies_as_release": True}).to_dicts()
