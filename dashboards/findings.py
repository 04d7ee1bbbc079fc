"""What the overview finds, in sentences and as a table, not yet shown."""

from dataclasses import dataclass
from datetime import date

import polars as pl

from dashboards.charts import series
from dashboards.figures.overview import Asked
from dashboards.queries import ahead as queries
from dashboards.queries import origins, shared
from dashboards.remembered import remembered
from dashboards.words import ahead as words
from dashboards.words import origins as origin_words
from dashboards.words import terms


@dataclass(frozen=True, slots=True)
class Finding:
    """Who is ahead, in sentences; each but the first is empty where there is nothing to say."""

    headline: str
    since: str = ""
    caveat: str = ""
    """What moves the headline most."""


@dataclass(frozen=True, slots=True)
class Latest:
    """All groups on the last day of a metric."""

    rows: pl.DataFrame
    """code, every metric, share, share_change; the largest first."""

    names: dict[str, str]
    day: date


@remembered(200)
def latest(asked: Asked, metric: str) -> Latest | None:
    """All groups on the last day on which a metric is known; None if it is known of no day."""
    days = asked.days(metric)
    if days.is_empty():
        return None
    last = series.day_range(days)[1]
    rows = origins.origin_table(asked.store, asked.definition, metric, asked.group, last)
    return Latest(rows, asked.names(rows["code"]), last)


@remembered(200)
def finding(asked: Asked, metric: str) -> Finding | None:
    """Who is ahead by a metric, since when, and the caveat that matters most; None if it is known of no day."""
    found = latest(asked, metric)
    if found is None:
        return None
    store, definition = asked.store, asked.definition
    headline = origin_words.headline(found.rows, definition.lens, metric, found.day, found.names)
    pair = origin_words.leaders(found.rows)
    if pair is None:
        return Finding(headline)
    leads = queries.leads(store, definition, metric, asked.group, found.day, *pair)
    caveat = words.caveat(leads.difference, leads.moved, leads.unknown, definition, pair, found.names) if leads else ""
    countries = words.countries(pair)
    return Finding(headline, _since(asked, countries) if countries else "", caveat)


@remembered(200)
def crossing_rows(asked: Asked) -> pl.DataFrame:
    """Who passed whom, when, and the interval in words; no rows where none was computed."""
    found = queries.crossovers(asked.store, asked.definition)
    names = {code: terms.origin_name(code, shared.origin_names(asked.store)) for code in (*found["a"], *found["b"])}
    return words.crossing_rows(found, queries.first_day(asked.store), names)


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
