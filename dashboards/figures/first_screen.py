"""The first screen of the overview: the heading, the figures under it, and the caveats."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

import polars as pl

from dashboards.charts import colours
from dashboards.data.cache import cached
from dashboards.data.vocabulary import OTHER
from dashboards.figures import findings
from dashboards.figures.overview import OverviewScope
from dashboards.queries import contributors, shared
from dashboards.queries import overview as origins
from dashboards.queries.first_readings import first_read
from dashboards.text import crossovers as crossover_words
from dashboards.text import first_screen as words
from dashboards.text import footnotes, overview
from dashboards.text.first_screen import Named, Tile


@dataclass(frozen=True, slots=True)
class Caveat:
    """A sentence of one line, and the page that says more."""

    sentence: str
    view: str
    link: str


@cached(200)
def heading(scope: OverviewScope, metric: str) -> str:
    """The finding in one sentence; the question where the shares are unknown."""
    found, coverage = findings.latest(scope, metric), shared.coverage(scope.store)
    sentence = found and finding_of(
        scope,
        metric,
        found.rows,
        is_whole_hub=footnotes.covers_hub(coverage),
        is_of_labs=footnotes.covers_labs(coverage),
    )
    return sentence or words.QUESTION


def finding_of(
    scope: OverviewScope, metric: str, rows: pl.DataFrame, *, is_whole_hub: bool, is_of_labs: bool
) -> str | None:
    """The finding of a day in one sentence, from the share of each code; None where the shares are unknown."""
    pair = overview.compared(rows, scope.wanted())
    if pair is None:
        return None
    shares, names = dict(rows.select("code", "share").iter_rows()), named(scope, pair)
    return words.heading(
        [(names[code], shares.get(code, 0.0)) for code in pair],
        scope.definition,
        metric,
        is_whole_hub=is_whole_hub,
        is_of_labs=is_of_labs,
    )


@cached(200)
def tiles(scope: OverviewScope, metric: str) -> tuple[Tile, ...]:
    """Shares by publisher and by base model, new derivatives, and the last crossover; none without a pair."""
    pair = scope.wanted()
    if pair is None:
        return ()
    names, drawn = named(scope, pair), colours.group_colours(scope.group, pair)
    painted = {code: drawn.get(code, colours.ORIGINS[OTHER]) for code in pair}
    found = findings.latest(scope, metric)
    shares = [
        _share_tile(scope, metric, found.day if found else None, lens, pair, painted) for lens in ("publisher", "root")
    ]
    return (
        *shares,
        words.derivatives_tile(scope.months(0), pair, names, painted),
        words.crossover_tile(scope.crossings(metric), shared.origin_names(scope.store)),
    )


def _share_tile(
    scope: OverviewScope, metric: str, day: date | None, lens: str, pair: tuple[str, str], painted: Mapping[str, str]
) -> Tile:
    """The shares of `pair` on a day, with their change since 30 days before."""
    store, names = scope.store, named(scope, pair)
    of = replace(scope.definition, lens=lens)
    values = origins.day_values(store, of, metric, scope.group, day) if day else {}
    shares = origins.same_shares(values, {})
    if day is None or not shares:
        return words.share_tile(lens, dict.fromkeys(pair), {}, contributors.PERIOD, pair, names, painted)
    start = contributors.day_before(store, of, metric, day)
    before = origins.day_shares(store, of, metric, scope.group, start) if start else {}
    first = first_read(store, of, metric, scope.group, start, day) if start else {}
    days = (day - start).days if start else contributors.PERIOD
    same = origins.same_shares(values, first) if first else None
    return words.share_tile(lens, shares, before, days, pair, names, painted, same)


@cached(200)
def caveats(scope: OverviewScope, metric: str) -> tuple[Caveat, ...]:
    """At most three sentences on what the heading leaves open, each with the page that says more."""
    found, finding = findings.latest(scope, metric), findings.finding(scope, metric)
    if found is None or finding is None:
        return ()
    shares = dict(found.rows.select("code", "share").iter_rows())
    without = sum(shares[code] for code in overview.NO_COUNTRY if shares.get(code) is not None)
    first = [
        Caveat(finding.dominance_line, "concentration", "Concentration"),
        Caveat(finding.caveat, "robustness", "Robustness"),
        Caveat(
            words.without_country(without, scope.definition.lens) if without else "",
            "organisations",
            "Who counts as Chinese?",
        ),
        Caveat(finding.opposite_line, "robustness", "Robustness"),
    ]
    return tuple(caveat for caveat in first if caveat.sentence)[:3]


def named(scope: OverviewScope, codes: Sequence[str]) -> dict[str, Named]:
    """Code -> name and adjective of countries or regions."""
    adjectives, names = shared.origin_adjectives(scope.store), scope.names(codes)
    of = {code: crossover_words.country_of(code) for code in codes}
    return {code: Named(names[code], adjectives.get(of[code])) for code in codes}
