"""Who is ahead since when, how sure that is, and what moves it most. Pure: rows and figures in, sentences out."""

from collections.abc import Mapping
from datetime import date
from typing import Any

import polars as pl

from dashboards.data import format
from dashboards.data.definition import Definition
from dashboards.data.known_days import DaysKnown
from dashboards.data.vocabulary import METRIC_NAMES
from dashboards.text.terms import in_sentence

_Rows = Mapping[tuple[str, str], Mapping[str, Any]]
"""Pair (who passes, who is passed) -> its crossover."""

_COUNTRY_OF = {"China": "CN", "United States": "US"}
"""Regions that are one country -> its code, by which crossovers are computed."""

MEASURES = {
    "downloads_30d": "downloads",
    "downloads_7d_mean": "downloads",
    "downloads_all_time": "downloads_all_time",
}
"""Metric of the page -> the metric whose crossovers speak of it; likes and models have none."""

_SERIES = {"downloads": "downloads_7d_mean", "downloads_all_time": "downloads_all_time"}
"""Metric of the crossovers -> the one of the page that is compared day by day."""

_MEASURE_NAMES = {"downloads": "Daily downloads (7-day mean)", "downloads_all_time": "All-time downloads"}

NONE_COMPUTED = (
    "Crossovers are not computed for this combination. They are for all layers together and for each alone and, "
    "counted by publisher, without models below 1B, GGUF or repackaged copies. "
)
TOO_SHORT = "Too few days are known to say when one country passed another. "
HOW_READ = (
    "A crossover is the first day from which one country stays above the other for 14 days or more, after a day on "
    "which it did not; daily downloads are compared as 7-day means. The interval is the middle 95% of 200 resamples "
    "of the repositories."
)

_MOVED = {
    ("lens", "root"): "counted by root instead of by publisher",
    ("lens", "publisher"): "counted by publisher instead of by root",
    ("below_1b", False): "without models below 1B",
    ("below_1b", True): "with models below 1B",
    ("gguf", False): "without GGUF repositories, whose downloads the Hub counts per file",
    ("gguf", True): "with GGUF repositories, whose downloads the Hub counts per file",
    ("repackaged", False): "without repackaged copies",
    ("repackaged", True): "with repackaged copies",
}


def compared_metric(metric: str) -> str | None:
    """The metric whose days are compared for the crossovers that speak of a metric; None if none do."""
    return _SERIES[MEASURES[metric]] if metric in MEASURES else None


def lead_since(crossings: pl.DataFrame, metric: str, ahead: str | None, pair: tuple[str, str], known: DaysKnown | None,
          names: Mapping[str, str]) -> str:  # fmt: skip
    """Since when the country that is ahead by the crossovers' metric is; empty if nothing was computed of the pair."""
    measure = MEASURES[metric]
    rows = _rows(crossings, measure)
    if ahead is None or known is None or (pair not in rows and pair[::-1] not in rows):
        return ""
    behind = pair[1] if ahead == pair[0] else pair[0]
    this, other = rows.get((ahead, behind), {}), rows.get((behind, ahead), {})
    leader, loser = in_sentence(names[ahead]), in_sentence(names[behind])
    by, first_day = f"By {METRIC_NAMES[_SERIES[measure]]}", known.first_of(measure)
    lost = other.get("crossed_on")
    if this.get("crossed_on") is None:
        if this.get("is_ahead_throughout") and lost is None:
            since = f"since the first day known, {format.day(first_day)}{known.told_of(first_day)}"
            return f"{by}, {leader} has been ahead of {loser} {since}."
        return f"{by}, {leader} is ahead of {loser}, but not yet for 14 days."
    told = _interval_told(this, first_day)
    said = f"{by}, {leader} passed {loser} on {format.day(this['crossed_on'])}{told}."
    if this["high"] is None and this["low"] is not None:
        said += " The days known do not settle the date."
    if lost is not None and lost > this["crossed_on"]:
        said += f" {_upper(loser)} took the lead again on {format.day(lost)}; {leader} has regained it since."
    return said


def reversing_switches(difference: float, moved: Mapping[str, float], definition: Definition) -> list[str]:
    """The switches, in words, under which the other of the two is ahead."""
    switches = [switch for switch, value in moved.items() if value * difference < 0]
    return [_MOVED[switch, _moved_to(switch, definition)].partition(",")[0] for switch in switches]


def caveat(difference: float, moved: Mapping[str, float], unknown: float, definition: Definition,
           pair: tuple[str, str], names: Mapping[str, str]) -> str:  # fmt: skip
    """What moves the difference of the two shares most: one sentence; empty if nothing can move it."""
    moves = {switch: abs(value - difference) for switch, value in moved.items()}
    strongest = max(moves, key=lambda switch: moves[switch], default=None)
    if definition.lens == "root" and unknown > 0 and unknown >= moves.get(strongest or "", 0.0):
        return (
            f"What could move the difference most: the root of {format.percent(unknown)} is not known, so it could be "
            f"larger or smaller by up to {_points(unknown)}."
        )
    if strongest is None:
        return ""
    ahead = in_sentence(names[pair[0] if moved[strongest] >= 0 else pair[1]])
    turned = moved[strongest] * difference < 0
    return (
        "Of the switches tried here (lens, models below 1B, GGUF, repackaged copies), one moves the difference most: "
        f"{_MOVED[strongest, _moved_to(strongest, definition)]}, "
        f"{ahead} would be ahead by {_points(abs(moved[strongest]))} instead of "
        f"{'behind by ' if turned else ''}{_points(abs(difference))}."
    )


def split(rows: pl.DataFrame) -> tuple[pl.DataFrame, pl.DataFrame]:
    """The rows of `crossing_rows` in which somebody passed, and the pairs in which nobody did, without dates."""
    crossed = pl.col("crossed_on").is_not_null()
    return rows.filter(crossed), rows.filter(~crossed).select("what", "measure")


def summary(rows: pl.DataFrame, known: DaysKnown | None) -> str:
    """Whether anybody passed anybody, over which days, and which of them were not read."""
    if known is None:
        return ""
    crossed = split(rows)[0].height
    said = "none of the countries compared passed another"
    if crossed:
        said = f"there {'was' if crossed == 1 else 'were'} {format.count(crossed, 'crossover')}"
    return f"By daily or all-time downloads, {said} in the {known.span()}. {known.reconstructed()}".strip()


def table(crossings: pl.DataFrame, known: DaysKnown | None, names: Mapping[str, str]) -> pl.DataFrame:
    """The table of crossovers, each pair and measure once: what happened, when, the interval in words, the measure."""
    told: list[tuple[str, date | None, str | None, str]] = []
    for metric, one, other in dict.fromkeys(_key(row) for row in crossings.iter_rows(named=True)):
        rows = _rows(crossings, metric)
        found = [rows[pair] for pair in ((one, other), (other, one)) if pair in rows]
        first_day = known.first_of(metric) if known else None
        told += [(*happened, _MEASURE_NAMES[metric]) for happened in _happened(found, first_day, names)]
    schema = {"what": pl.String, "crossed_on": pl.Date, "interval": pl.String, "measure": pl.String}
    return pl.DataFrame(told, schema=schema, orient="row")


def derivatives_title(view: str, group: str) -> str:
    """The title of the chart of new derivatives."""
    return f"{'Share of new' if view == 'share' else 'New'} derivatives by {group} of the root model"


def derivatives_subtitle(view: str, group: str, min_downloads: int) -> str:
    """What the chart of new derivatives shows."""
    unit = "Share of all new derivatives of each month" if view == "share" else "New derivatives of each month"
    least = f", counting those with more than {min_downloads} downloads" if min_downloads else ""
    return (
        f"{unit}, by {group} of the root and by weight{least}; the same under either lens. Only survivors: models "
        "deleted before the first reading are missing. Whole months, starting with the first that has 20 derivatives."
    )


def root_coverage(known: tuple[float, float] | None) -> str:
    """How much has a known root or counts as its own; stands under charts of lineage."""
    if known is None:
        return ""
    models, downloads = known
    return (
        f" The root is known of {format.percent(downloads)} of downloads and {format.percent(models)} of models; "
        "a model that declares no base counts as its own root."
    )


def countries(pair: tuple[str, str]) -> tuple[str, str] | None:
    """The codes of two countries or regions by which crossovers are computed; None where one is no country."""
    first, second = (_COUNTRY_OF.get(code, code) for code in pair)
    return (first, second) if len(first) == len(second) == 2 else None


def _key(row: Mapping[str, Any]) -> tuple[str, str, str]:
    one, other = sorted((row["a"], row["b"]))
    return row["metric"], one, other


def _happened(
    found: list[Mapping[str, Any]], first_day: date | None, names: Mapping[str, str]
) -> list[tuple[str, date | None, str | None]]:
    """What became of a pair, whose rows are `found`: every crossing, else who was ahead throughout, else neither."""
    crossed = sorted((row for row in found if row["crossed_on"] is not None), key=lambda row: row["crossed_on"])
    if crossed:
        return [
            (f"{names[row['a']]} passed {_named(row['b'], names)}", row["crossed_on"], _interval(row, first_day))
            for row in crossed
        ]
    a, b = found[0]["a"], found[0]["b"]
    for row in found:
        if row["is_ahead_throughout"]:
            ahead = f"{names[row['a']]} ahead of {_named(row['b'], names)} throughout"
            return [(ahead, None, None)]
    return [(f"Neither {_named(a, names)} nor {_named(b, names)} stayed ahead for 14 days", None, None)]


def _named(code: str, names: Mapping[str, str]) -> str:
    return in_sentence(names[code])


def _interval_told(row: Mapping[str, Any], first_day: date | None) -> str:
    told = _interval(row, first_day)
    return f" (95% interval: {told})" if told else ""


def _interval(row: Mapping[str, Any], first_day: date | None) -> str | None:
    """The interval in words; None where none was computed."""
    low, high = row["low"], row["high"]
    if low is None and high is None:
        return None
    start = f"{format.day(low)}{' or earlier' if low == first_day else ''}"
    return f"{start} to {format.day(high)}" if high else f"{start}, without an end within the days known"


def _moved_to(switch: str, definition: Definition) -> str | bool:
    moved = definition.moved()[switch]
    if switch == "lens":
        return moved.lens
    return {"below_1b": moved.below_1b, "gguf": moved.gguf, "repackaged": "repackaged" in moved.layers}[switch]


def _rows(crossings: pl.DataFrame, metric: str) -> _Rows:
    return {(row["a"], row["b"]): row for row in crossings.iter_rows(named=True) if row["metric"] == metric}


def _points(difference: float) -> str:
    return format.points(difference).lstrip("+")


def _upper(name: str) -> str:
    return f"{name[0].upper()}{name[1:]}"
