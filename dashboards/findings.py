"""What the overview finds: sentences, figures and tables of a warehouse under one definition, not yet shown."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

import polars as pl

from dashboards import palette
from dashboards.charts import series
from dashboards.charts.axes import Axes, View
from dashboards.charts.figure import Figure
from dashboards.definition import Definition
from dashboards.figures import origins as figures
from dashboards.queries import ahead as queries
from dashboards.queries import origins, shared
from dashboards.store import Build, Store
from dashboards.words import ahead as words
from dashboards.words import origins as origin_words
from dashboards.words import standing, terms


@dataclass(frozen=True, slots=True)
class Asked:
    """What every finding is asked of."""

    store: Store
    build: Build
    definition: Definition
    view: View
    group: str


@dataclass(frozen=True, slots=True)
class Finding:
    """Who is ahead, in sentences; each but the first is empty where there is nothing to say."""

    headline: str
    since: str = ""
    caveat: str = ""
    """What moves the headline most."""


def finding(asked: Asked, latest: pl.DataFrame, metric: str, day: date, names: Mapping[str, str]) -> Finding:
    """Who is ahead on a day by the table of all groups `latest`, since when, and the caveat that matters most."""
    store, definition = asked.store, asked.definition
    headline = origin_words.headline(latest, definition.lens, metric, day, names)
    pair = origin_words.leaders(latest)
    if pair is None:
        return Finding(headline)
    leads = queries.leads(store, definition, metric, asked.group, day, *pair)
    caveat = words.caveat(leads.difference, leads.moved, leads.unknown, definition, pair, names) if leads else ""
    countries = words.countries(pair)
    return Finding(headline, _since(asked, countries) if countries else "", caveat)


def days_figure(asked: Asked, days: pl.DataFrame, metric: str, names: Mapping[str, str], name: str) -> Figure:
    """The chart of a metric by country or region over days."""
    lens = asked.definition.lens
    roots = words.roots_told(queries.roots_known(asked.store)) if lens == "root" else ""
    missing = series.missing_days(days)
    return figures.figure(
        days, asked.view, asked.group, all_names(asked, days, names),
        name=name,
        title=origin_words.title(lens, metric, asked.view, asked.group),
        subtitle=origin_words.subtitle(asked.definition, metric, asked.view),
        footnote=standing.footnote(asked.build, shared.coverage(asked.store), lens, missing) + roots,
    )  # fmt: skip


def derivatives_figure(asked: Asked, least: int, name: str) -> Figure | None:
    """The chart of new derivatives with more than `least` downloads, by root; None if no whole month has any."""
    own = palette.own_line(asked.group)
    months = origins.derivative_months(asked.store, least, asked.group, own, palette.MOST_LINES)
    if months.is_empty():
        return None
    roots = words.roots_told(queries.roots_known(asked.store))
    return figures.figure(
        months, asked.view, asked.group, all_names(asked, months, {}, "root"), Axes(step="month"),
        name=name,
        title=words.derivatives_title(asked.view, asked.group),
        subtitle=words.derivatives_subtitle(asked.view, asked.group, least),
        footnote=standing.footnote(asked.build, shared.coverage(asked.store), "root") + roots,
    )  # fmt: skip


def crossing_rows(asked: Asked) -> pl.DataFrame:
    """Who passed whom, when, and the interval in words; no rows where none was computed."""
    found = queries.crossovers(asked.store, asked.definition)
    names = {code: terms.origin_name(code, shared.origin_names(asked.store)) for code in (*found["a"], *found["b"])}
    return words.crossing_rows(found, queries.first_day(asked.store), names)


def all_names(asked: Asked, days: pl.DataFrame, names: Mapping[str, str], lens: str | None = None) -> dict[str, str]:
    """`names` with those of every further code of `days`."""
    codes = (code for code in days["code"].unique() if code not in names)
    known = shared.origin_names(asked.store)
    return {**names, **origin_words.group_names(lens or asked.definition.lens, asked.group, known, codes)}


def _since(asked: Asked, pair: tuple[str, str]) -> str:
    """Since when the country of `pair` that is ahead is, and how sure that is; empty if nothing is known of it."""
    store, definition = asked.store, asked.definition
    names = {code: terms.origin_name(code, shared.origin_names(store)) for code in pair}
    leading = queries.flow_ahead(store, definition, *pair)
    crossed = queries.crossovers(store, definition)
    told = words.since(crossed, leading, pair, queries.first_day(store), names)
    if leading is None or set(pair) != {"CN", "US"}:
        return told
    return f"{told} {words.sure(queries.agreeing(store), leading, names)}".strip()
