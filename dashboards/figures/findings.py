"""What the overview finds, in sentences and as a table, not yet shown."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

import polars as pl

from dashboards.charts import line_parts
from dashboards.data.cache import remembered
from dashboards.data.definition import Definition
from dashboards.figures.overview import Asked
from dashboards.queries import crossovers as queries
from dashboards.queries import overview as origins
from dashboards.queries import robustness, shared
from dashboards.text import crossovers as words
from dashboards.text import footnotes, terms
from dashboards.text import overview as origin_words
from dashboards.text import robustness as robustness_words


@dataclass(frozen=True, slots=True)
class Finding:
    """Who is ahead, in sentences; each but the first is empty where there is nothing to say."""

    headline: str
    otherwise: str = ""
    """Under which other countings of the day another is ahead."""

    since: str = ""
    caveat: str = ""
    """What moves the headline most, of the switches of the page."""

    sure: str = ""
    """What the page of robustness finds, which tries more switches."""


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
    last = line_parts.day_range(days)[1]
    rows = origins.origin_table(asked.store, asked.definition, metric, asked.group, last)
    return Latest(rows, asked.names(rows["code"]), last)


@remembered(200)
def finding(asked: Asked, metric: str) -> Finding | None:
    """Who is ahead by a metric, since when, and the caveat that matters most; None if it is known of no day."""
    found = latest(asked, metric)
    if found is None:
        return None
    store, definition = asked.store, asked.definition
    first_sentences = headline(asked, metric, found)
    pair = origin_words.leaders(found.rows)
    if pair is None:
        return Finding(first_sentences)
    leads = queries.leads(store, definition, metric, asked.group, found.day, *pair)
    if leads is None:
        return Finding(first_sentences)
    return Finding(
        first_sentences,
        otherwise(asked, metric, found.day, pair),
        _since(asked, metric, pair),
        words.caveat(leads.difference, leads.moved, leads.unknown, definition, pair, found.names),
        _sure(asked, metric),
    )


def headline(asked: Asked, metric: str, found: Latest) -> str:
    """The shares of the two largest countries or regions on the last day, in sentences."""
    is_whole_hub = footnotes.covers_hub(shared.coverage(asked.store))
    return origin_words.headline(
        found.rows, asked.definition, metric, found.day, found.names, is_whole_hub=is_whole_hub
    )


def otherwise(asked: Asked, metric: str, day: date, pair: tuple[str, str]) -> str:
    """Where the second of a pair is ahead on a day by another metric, in a layer alone, or with a switch moved."""
    of = (asked.store, asked.definition, metric, asked.group, day, *pair)
    leads = queries.leads(*of)
    turned = words.reversing_switches(leads.difference, leads.moved, asked.definition) if leads else []
    ways = queries.metric_leads(*of), queries.layer_leads(*of)
    return origin_words.opposite_leads(metric, day, *ways, turned, pair, asked.names(pair))


@remembered(200)
def crossing_rows(asked: Asked) -> pl.DataFrame:
    """Who passed whom, when, and the interval in words; no rows where none was computed."""
    found = queries.crossovers(asked.store, asked.definition)
    return words.table(found, queries.days_known(asked.store), _names(asked, (*found["a"], *found["b"])))


def _since(asked: Asked, metric: str, pair: tuple[str, str]) -> str:
    """Since when the country of `pair` that is ahead is; empty where that is not known or of another count."""
    countries, compared = words.countries(pair), words.compared_metric(metric)
    if countries is None or compared is None:
        return ""
    store, definition = asked.store, asked.definition
    leading = queries.leader(store, definition, compared, *countries)
    crossed, known = queries.crossovers(store, definition), queries.days_known(store)
    return words.lead_since(crossed, metric, leading, countries, known, _names(asked, countries))


def _sure(asked: Asked, metric: str) -> str:
    """What the page of robustness finds; empty where that is of another count."""
    is_same = words.MEASURES.get(metric) == "downloads" and asked.definition == Definition()
    return robustness_words.overview_note(robustness.headlines(asked.store)) if is_same else ""


def _names(asked: Asked, codes: Iterable[str]) -> dict[str, str]:
    known = shared.origin_names(asked.store)
    return {code: terms.origin_name(code, known) for code in codes}
