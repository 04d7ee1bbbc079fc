"""Crossovers of two countries: since when one leads, and which filter changes the lead most. Pure."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

import polars as pl

from dashboards.charts.event_marks import CROSSOVER
from dashboards.data import format
from dashboards.data.definition import Definition
from dashboards.data.known_days import VAGUE, DaysKnown
from dashboards.data.vocabulary import METRIC_NAMES, universe_name
from dashboards.text.terms import in_sentence

_Rows = Mapping[tuple[str, str], Mapping[str, Any]]
"""Pair (a passes b) -> its crossover."""

_COUNTRY_OF = {"China": "CN", "United States": "US"}
"""Region that is a single country -> its code."""

MEASURES = {
    "downloads_30d": "downloads",
    "downloads_7d_mean": "downloads",
    "downloads_all_time": "downloads_all_time",
}
"""Metric of the page -> metric of its crossovers; likes and models have none."""

_SERIES = {"downloads": "downloads_7d_mean", "downloads_all_time": "downloads_all_time"}
"""Metric of the crossovers -> metric of the page whose days are compared."""

_MEASURE_NAMES = {"downloads": "Daily downloads (7-day mean)", "downloads_all_time": "All-time downloads"}

NONE_COMPUTED = (
    "Crossovers are not computed for this combination, only for all model types together, for each type alone and, by "
    "publisher, without models below 1B, without GGUF or without quantized copies. "
)
TOO_SHORT = "Too few days are known to date a crossover. "
HOW_READ = (
    "A crossover is the first day of a lead of 14 days or more; daily downloads are compared as 7-day means. Where "
    "only a sum of days is known, it is a span with its last day. The interval is the middle 95% of 200 resamples."
)

_CHANGES = {
    ("lens", "root"): "attributed to base models",
    ("lens", "publisher"): "attributed to publishers",
    ("below_1b", False): "without models below 1B",
    ("below_1b", True): "with models below 1B",
    ("gguf", False): "without GGUF repositories",
    ("gguf", True): "with GGUF repositories",
    ("repackaged", False): "without quantized copies",
    ("repackaged", True): "with quantized copies",
}
"""Switch of the definition and its new value -> the change as readers see it."""


def compared_metric(metric: str) -> str | None:
    """The metric whose days are compared for the crossovers of a metric; None if it has none."""
    return _SERIES[MEASURES[metric]] if metric in MEASURES else None


def lead_since(crossings: pl.DataFrame, metric: str, leader: str | None, pair: tuple[str, str], known: DaysKnown | None,
               names: Mapping[str, str], first_shares: tuple[float, float] | None = None) -> str:  # fmt: skip
    """Since when the `leader` of the pair leads; empty if nothing was computed for the pair.

    `first_shares` are the shares of the pair in the 30 days before the first reading.
    """
    measure = MEASURES[metric]
    rows = _rows(crossings, measure)
    if leader is None or known is None or (pair not in rows and pair[::-1] not in rows):
        return ""
    follower = pair[1] if leader == pair[0] else pair[0]
    own, opposite = rows.get((leader, follower), {}), rows.get((follower, leader), {})
    first, second = in_sentence(names[leader]), in_sentence(names[follower])
    by, first_day = f"By {METRIC_NAMES[_SERIES[measure]]}", known.first_of(measure)
    if own.get("holds"):
        return f"{by}, {_passed(own, first, second, first_day)}{_before(opposite, own, first, second)}"
    if own.get("is_ahead_throughout"):
        since = f"since the first known day, {format.day(first_day)}{known.told_of(first_day)}"
        return f"{by}, {first} has led {second} {since}."
    if measure == "downloads" and known.is_vague:
        return _together(pair, known, names, first_shares) + f"Since when {first} leads {second} is not known."
    if measure != "downloads" and (opposite.get("holds") or opposite.get("is_ahead_throughout")):
        return (
            f"{by}, {first} leads {second} only because counters were corrected, or models left, after "
            f"{format.day(first_day)}; without these changes {second} leads."
        )
    return f"{by}, {first} leads {second}, but not yet for 14 days."


def reversing_switches(difference: float, moved: Mapping[str, float], definition: Definition) -> list[str]:
    """The changes of one switch that reverse the difference, as readers see them."""
    switches = [switch for switch, value in moved.items() if value * difference < 0]
    return [_change(switch, definition) for switch in switches]


def caveat(difference: float, moved: Mapping[str, float], unknown: float, definition: Definition,
           pair: tuple[str, str], names: Mapping[str, str]) -> str:  # fmt: skip
    """The switch that changes the difference of two shares most: one sentence, empty if no switch can change it.

    `moved` has the difference after each change; `unknown` is the share without a known base model.
    """
    effects = {switch: abs(value - difference) for switch, value in moved.items()}
    strongest = max(effects, key=lambda switch: effects[switch], default=None)
    if definition.lens == "root" and unknown > 0 and unknown >= effects.get(strongest or "", 0.0):
        return (
            f"The largest uncertainty is the {format.percent(unknown)} whose base model is unknown: the lead could be "
            f"larger or smaller by up to {_points(unknown)}."
        )
    if strongest is None or format.points(moved[strongest]) == format.points(difference):
        return ""
    changed = _changed_lead(difference, moved[strongest], pair, names)
    return f"Of all definitions tried, one changes the lead most: {_change(strongest, definition)}, {changed}."


def contested(
    difference: float, moved: float | None, largest: str, pair: tuple[str, str], names: Mapping[str, str]
) -> str:
    """How the difference of two shares changes if contested organisations count the other way; empty if it does not."""
    if moved is None or format.points(moved) == format.points(difference):
        return ""
    changed = _changed_lead(difference, moved, pair, names)
    return f"If contested organisations (the largest is {largest}) are counted the other way, {changed}."


def split(rows: pl.DataFrame) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Rows of `table` with a crossover, and those without one, which have no dates."""
    crossed = pl.col("crossed_on").is_not_null()
    return rows.filter(crossed), rows.filter(~crossed).select("what", "measure")


def summary(rows: pl.DataFrame, known: DaysKnown | None) -> str:
    """The number of crossovers in the known days."""
    if known is None:
        return ""
    if known.is_vague and split(rows)[0].is_empty():
        return f"{VAGUE} {known.reconstructed()}".strip()
    number = format.count(split(rows)[0].height, "crossover") if split(rows)[0].height else "No crossover"
    return f"{number} by daily or all-time downloads in the {known.span()}. {known.reconstructed()}".strip()


def table(
    crossings: pl.DataFrame, changes: pl.DataFrame, known: DaysKnown | None, names: Mapping[str, str]
) -> pl.DataFrame:
    """Every change of the lead, and the pairs without one: what (sentence), crossed_on, interval (text), measure.

    `crossings` has the last crossover of each pair, `changes` the earlier ones too.
    """
    rows_shown: list[tuple[str, date | None, str | None, str]] = []
    for metric, one, other in dict.fromkeys(_key(row) for row in crossings.iter_rows(named=True)):
        rows = _rows(crossings, metric)
        found = [rows[pair] for pair in ((one, other), (other, one)) if pair in rows]
        last = {(row["a"], row["crossed_on"]) for row in found}
        found += [
            {**row, "low": None, "high": None, "is_ahead_throughout": False}
            for row in changes.iter_rows(named=True)
            if _key(row) == (metric, one, other) and (row["a"], row["crossed_on"]) not in last
        ]
        first_day = known.first_of(metric) if known else None
        rows_shown += [(*event, _MEASURE_NAMES[metric]) for event in _events(found, first_day, names)]
    schema = {"what": pl.String, "crossed_on": pl.Date, "interval": pl.String, "measure": pl.String}
    return pl.DataFrame(rows_shown, schema=schema, orient="row")


def derivatives_title(view: str, group: str) -> str:
    """Title of the chart of new derivatives."""
    return f"{'Share of new' if view == 'share' else 'New'} derivatives by {group} of the base model"


def derivatives_subtitle(models: str, view: str, group: str, min_downloads: int) -> str:
    """Unit, period and filters of the chart of new derivatives."""
    unit = "Share of new derivatives of each month" if view == "share" else "New derivatives of each month"
    least = f", with more than {min_downloads} downloads" if min_downloads else ""
    return (
        f"{unit} ({universe_name(models)}){least}, by {group} of the base model, by weight. Models deleted before the "
        "first reading are missing. Whole months, from the first with 20 derivatives on."
    )


def root_coverage(known: tuple[float, float] | None) -> str:
    """For how many models and downloads the base model is known; part of a footnote."""
    if known is None:
        return ""
    models, downloads = known
    return (
        f" The base model is known for {format.percent(downloads)} of downloads and {format.percent(models)} of "
        "models; a model that declares no base counts as its own."
    )


def last_crossing(rows: Sequence[Mapping[str, Any]]) -> Mapping[str, Any] | None:
    """The last dated crossover of `rows`; None if none has a day."""
    dated = [row for row in rows if row["crossed_on"] is not None]
    return max(dated, key=lambda row: row["crossed_on"], default=None)


def crossing_event(row: Mapping[str, Any], code: str, metric: str, names: Mapping[str, str]) -> pl.DataFrame:
    """A crossover as an event of a chart of `metric` on the line `code`: event_date, kind, title, code.

    30-day downloads follow daily downloads by weeks, so their chart says by what the crossover is dated. The title also
    says if the lead was lost again.
    """
    title = f"{names[row['a']]} passed {in_sentence(names[row['b']])}"
    if metric == "downloads_30d":
        title += " by daily downloads"
    if not row["holds"]:
        title += "; lead not kept"
    return pl.DataFrame({"event_date": [row["crossed_on"]], "kind": [CROSSOVER], "title": [title], "code": [code]})


def country_of(code: str) -> str:
    """The country code of a country, or of a region that is a single country; other regions as they are."""
    return _COUNTRY_OF.get(code, code)


def countries(pair: tuple[str, str]) -> tuple[str, str] | None:
    """The country codes of a pair of countries or regions; None where one is no single country."""
    first, second = (country_of(code) for code in pair)
    return (first, second) if len(first) == len(second) == 2 else None


def _key(row: Mapping[str, Any]) -> tuple[str, str, str]:
    one, other = sorted((row["a"], row["b"]))
    return row["metric"], one, other


def _events(
    found: list[Mapping[str, Any]], first_day: date | None, names: Mapping[str, str]
) -> list[tuple[str, date | None, str | None]]:
    """Every crossover of a pair, whose rows are `found`; without one, who led throughout, or that none is known."""
    crossed = sorted((row for row in found if row["crossed_on"] is not None), key=lambda row: row["crossed_on"])
    if crossed:
        return [(_event(row, names), row["crossed_on"], _interval(row, first_day)) for row in crossed]
    for row in found:
        if row["is_ahead_throughout"]:
            return [(f"{names[row['a']]} led {in_sentence(names[row['b']])} throughout", None, None)]
    a, b = (in_sentence(names[found[0][side]]) for side in ("a", "b"))
    return [(f"No lasting change of the lead between {a} and {b} can be dated", None, None)]


def _event(row: Mapping[str, Any], names: Mapping[str, str]) -> str:
    sentence = f"{names[row['a']]} passed {in_sentence(names[row['b']])}"
    span = format.between(row["crossed_after"], row["crossed_on"])
    sentence += f" {span}" if span.startswith("between") else ""
    return f"{sentence} and has led since" if row["holds"] else sentence


def _passed(own: Mapping[str, Any], first: str, second: str, first_day: date) -> str:
    """The sentence on a lead that still holds: its day or its span, and its interval."""
    interval = _interval(own, first_day)
    in_brackets = f" (95% interval: {interval})" if interval else ""
    span = format.between(own["crossed_after"], own["crossed_on"])
    if span.startswith("between"):
        sentence = f"{first} passed {second} {span}, days known only as one sum, and has led since{in_brackets}."
    else:
        sentence = f"{first} has led {second} since {format.day(own['crossed_on'])}{in_brackets}."
    if own["high"] is None and own["low"] is not None:
        sentence += " The known days do not settle this date."
    return sentence


def _before(opposite: Mapping[str, Any], own: Mapping[str, Any], first: str, second: str) -> str:
    """The change of the lead before the one that holds; empty if there is none."""
    if opposite.get("crossed_on") is None or opposite["crossed_on"] > own["crossed_on"]:
        return ""
    return f" Before that, {second} passed {first} {format.between(opposite['crossed_after'], opposite['crossed_on'])}."


def _together(
    pair: tuple[str, str], known: DaysKnown, names: Mapping[str, str], shares: tuple[float, float] | None
) -> str:
    """The shares of the 30 days before the first reading, which are known only as one sum."""
    if shares is None or known.read_from is None or known.first >= known.read_from:
        return "Most days are known only as sums over several days. "
    one, other = (in_sentence(names[code]) for code in pair)
    return (
        f"In the 30 days to {format.day(known.read_from)} together, {one} had {format.percent(shares[0])} of downloads "
        f"and {other} had {format.percent(shares[1])}. "
    )


def _interval(row: Mapping[str, Any], first_day: date | None) -> str | None:
    """The 95% interval as text; None where none was computed."""
    low, high = row["low"], row["high"]
    if low is None and high is None:
        return None
    start = f"{format.day(low)}{' or earlier' if low == first_day else ''}"
    return f"{start} – {format.day(high)}" if high else f"from {start}, no end within the known days"


def _changed_lead(difference: float, moved: float, pair: tuple[str, str], names: Mapping[str, str]) -> str:
    """Who leads after a change, and the lead before it."""
    leader = in_sentence(names[pair[0] if moved >= 0 else pair[1]])
    before = f"{'trailing by ' if moved * difference < 0 else ''}{_points(abs(difference))}"
    return f"{leader} leads by {_points(abs(moved))} instead of {before}"


def _change(switch: str, definition: Definition) -> str:
    """The change of a switch as readers see it."""
    if switch == "contested":
        return "with contested organisations counted the other way"
    changed = definition.moved()[switch]
    values: dict[str, str | bool] = {
        "lens": changed.lens,
        "below_1b": changed.below_1b,
        "gguf": changed.gguf,
        "repackaged": "repackaged" in changed.layers,
    }
    return _CHANGES[switch, values[switch]]


def _rows(crossings: pl.DataFrame, metric: str) -> _Rows:
    return {(row["a"], row["b"]): row for row in crossings.iter_rows(named=True) if row["metric"] == metric}


def _points(difference: float) -> str:
    return format.points(difference).lstrip("+")


def _upper(name: str) -> str:
    return f"{name[0].upper()}{name[1:]}"
