"""The findings of the overview as sentences and tables."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

import polars as pl

from dashboards.charts import line_parts
from dashboards.data.cache import cached
from dashboards.data.definition import Definition
from dashboards.figures.overview import OverviewScope
from dashboards.queries import crossovers as queries
from dashboards.queries import dominance as dominant
from dashboards.queries import overview as origins
from dashboards.queries import robustness, segments, shared
from dashboards.text import crossovers as words
from dashboards.text import footnotes, terms
from dashboards.text import overview as origin_words
from dashboards.text import robustness as robustness_words
from dashboards.text import segments as segment_words


@dataclass(frozen=True, slots=True)
class Finding:
    """Who is ahead, in sentences; all but the headline may be empty."""

    headline: str
    opposite: str = ""
    """By which other metric, model type or switch the second is ahead on that day."""

    opposite_line: str = ""
    """The same in one line."""

    since: str = ""
    caveat: str = ""
    """The switch of the page that moves the headline most."""

    dominance: str = ""
    """The repositories that have more than a tenth of a country's or of the whole total."""

    dominance_line: str = ""
    """The same in one line."""

    same_models: str = ""
    """The shares before and after a break less than 30 days ago, over the models read on both days."""

    contested: str = ""
    """How the lead changes if contested organisations count the other way."""

    robustness: str = ""
    """The finding of the page Robustness, which tries more switches."""


@dataclass(frozen=True, slots=True)
class Latest:
    """All groups on the last day of a metric."""

    rows: pl.DataFrame
    """code, every metric, share, share_change; the largest first."""

    names: dict[str, str]
    day: date


@cached(200)
def latest(scope: OverviewScope, metric: str) -> Latest | None:
    """All groups on the last day with a known metric; None if no such day is of the models that are read now."""
    days = scope.days(metric)
    if days.is_empty():
        return None
    last = line_parts.day_range(days)[1]
    if not segments.is_current(scope.store, scope.definition.models, metric, last):
        return None
    rows = origins.origin_table(scope.store, scope.definition, metric, scope.group, last)
    return Latest(rows, scope.names([*rows["code"], *(scope.wanted() or ())]), last)


@cached(200)
def finding(scope: OverviewScope, metric: str) -> Finding | None:
    """Who is ahead by a metric, since when, and the main caveat; None if no day has a known metric."""
    found = latest(scope, metric)
    if found is None:
        return None
    store, definition = scope.store, scope.definition
    first_sentences = headline(scope, metric, found)
    pair = origin_words.compared(found.rows, scope.wanted())
    if pair is None:
        return Finding(first_sentences)
    leads = queries.leads(store, definition, metric, scope.group, found.day, *pair)
    if leads is None:
        return Finding(first_sentences)
    return Finding(
        first_sentences,
        *opposite(scope, metric, found.day, pair),
        since(scope, metric, pair),
        words.caveat(leads.difference, leads.moved, leads.unknown, definition, pair, found.names),
        *dominance(scope, metric, found.day, pair),
        same_models(scope, metric, pair),
        words.contested(leads.difference, leads.moved.get("contested"), leads.contested, pair, found.names),
        _robustness(scope, metric),
    )


def headline(scope: OverviewScope, metric: str, found: Latest) -> str:
    """The shares of the two countries or regions compared on the last day, in sentences."""
    coverage = shared.coverage(scope.store)
    return origin_words.headline(
        found.rows,
        scope.definition,
        metric,
        found.day,
        found.names,
        is_whole_hub=footnotes.covers_hub(coverage),
        is_of_labs=footnotes.covers_labs(coverage),
        wanted=scope.wanted(),
    )


def opposite(scope: OverviewScope, metric: str, day: date, pair: tuple[str, str]) -> tuple[str, str]:
    """By which other metric, single layer or changed switch the second of a pair is ahead on a day; and in one line."""
    of = (scope.store, scope.definition, metric, scope.group, day, *pair)
    leads = queries.leads(*of)
    turned = words.reversing_switches(leads.difference, leads.moved, scope.definition) if leads else []
    ways = queries.metric_leads(*of), queries.layer_leads(*of)
    names = scope.names(pair)
    return (
        origin_words.opposite_leads(metric, day, *ways, turned, pair, names),
        origin_words.opposite_line(metric, *ways, turned, pair, names),
    )


def dominance(scope: OverviewScope, metric: str, day: date, pair: tuple[str, str]) -> tuple[str, str]:
    """The repositories that have more than a tenth of a country of `pair`, or of all; and in one line."""
    largest = dominant.dominant_models(scope.store, scope.definition, metric, scope.group, day, pair)
    names = scope.names(largest["code"])
    return (
        origin_words.dominance(largest, metric, pair, names),
        origin_words.dominance_line(largest, metric, pair, names),
    )


def same_models(scope: OverviewScope, metric: str, pair: tuple[str, str]) -> str:
    """The shares of `pair` like for like, if a break is less than 30 days old, so that there is no change of 30 days.

    Daily downloads are compared by 30-day downloads; all-time counters and numbers of models are not compared.
    """
    counter = {"downloads_7d_mean": "downloads_30d", "downloads_30d": "downloads_30d", "likes": "likes"}.get(metric)
    days = segments.days_since_break(scope.store, scope.definition.models)
    if counter is None or days is None or days >= 30:
        return ""
    rows = segments.same_models(scope.store, scope.definition, scope.group, counter)
    return segment_words.same_models(rows, counter, pair, scope.names(pair))


@cached(200)
def crossover_rows(scope: OverviewScope) -> pl.DataFrame:
    """Who passed whom, when, and the interval as text; no rows if no crossover was computed."""
    found = queries.crossovers(scope.store, scope.definition)
    changes, known = (
        queries.lead_changes(scope.store, scope.definition),
        queries.days_known(scope.store, scope.definition.models),
    )
    return words.table(found, changes, known, _names(scope, (*found["a"], *found["b"])))


def since(scope: OverviewScope, metric: str, pair: tuple[str, str]) -> str:
    """Since when the leading country of `pair` is ahead; empty if unknown or if not computed for this definition."""
    countries, compared = words.countries(pair), words.compared_metric(metric)
    if countries is None or compared is None:
        return ""
    store, definition = scope.store, scope.definition
    leading = queries.leader(store, definition, compared, *countries)
    crossed, known = queries.crossovers(store, definition), queries.days_known(store, definition.models)
    shares = queries.first_shares(store, definition, *countries)
    return words.lead_since(crossed, metric, leading, countries, known, _names(scope, countries), shares)


def _robustness(scope: OverviewScope, metric: str) -> str:
    """The finding of the page Robustness; empty if it is about another definition."""
    models = scope.definition.models
    is_same = words.MEASURES.get(metric) == "downloads" and scope.definition == Definition(models=models)
    return robustness_words.overview_note(robustness.headlines(scope.store, models)) if is_same else ""


def _names(scope: OverviewScope, codes: Iterable[str]) -> dict[str, str]:
    known = shared.origin_names(scope.store)
    return {code: terms.origin_name(code, known) for code in codes}
