"""Who is ahead since when, how sure that is, and what moves it most. Pure: rows and figures in, sentences out."""

from collections.abc import Mapping
from datetime import date
from typing import Any

import polars as pl

from dashboards import format
from dashboards.definition import Definition
from dashboards.words.terms import in_sentence

_Rows = Mapping[tuple[str, str], Mapping[str, Any]]
"""Pair (who passes, who is passed) -> its crossover."""

_COUNTRY_OF = {"China": "CN", "United States": "US"}
"""Regions that are one country -> its code, by which crossovers are computed."""

_MEASURE_NAMES = {"downloads": "Daily downloads (flow)", "downloads_all_time": "All-time downloads (stock)"}

NONE_COMPUTED = (
    "When one country passed another is computed for all layers or a single one, with models below 1B and with GGUF, "
    "and for single switches moved from that; not for this combination. "
)
TOO_SHORT = "The days known are too few to say when one country passed another. "
HOW_READ = (
    "A crossover is the first day from which one country stays above the other for 14 days or more, after a day on "
    "which it did not; flows are compared by 7-day means. The interval holds the middle 95 % of 200 resamples of the "
    "repositories."
)

_MOVED = {
    ("lens", "root"): "Counted by root instead of by publisher",
    ("lens", "publisher"): "Counted by publisher instead of by root",
    ("below_1b", False): "Without models below 1B",
    ("below_1b", True): "With models below 1B",
    ("gguf", False): "Without GGUF repositories, whose downloads the Hub counts per file",
    ("gguf", True): "With GGUF repositories, whose downloads the Hub counts per file",
    ("repackaged", False): "Without repackaged copies",
    ("repackaged", True): "With repackaged copies",
}


def since(crossings: pl.DataFrame, ahead: str | None, pair: tuple[str, str], first_day: date | None,
          names: Mapping[str, str]) -> str:  # fmt: skip
    """Since when the country that is ahead by daily downloads is; empty if nothing was computed of the pair."""
    rows = _rows(crossings, "downloads")
    if ahead is None or (pair not in rows and pair[::-1] not in rows):
        return ""
    behind = pair[1] if ahead == pair[0] else pair[0]
    this, other = rows.get((ahead, behind), {}), rows.get((behind, ahead), {})
    leader, loser = in_sentence(names[ahead]), in_sentence(names[behind])
    lost = other.get("crossed_on")
    if this.get("crossed_on") is None:
        if this.get("is_ahead_throughout") and lost is None:
            start = f" since the first day known, {format.long_day(first_day)}" if first_day else ""
            return f"By daily downloads {leader} has been ahead of {loser}{start}."
        return f"By daily downloads {leader} is ahead of {loser}, but not yet for 14 days."
    said = (
        f"By daily downloads {leader} passed {loser} on {format.long_day(this['crossed_on'])}"
        f"{_interval_told(this, first_day)}."
    )
    if this["high"] is None and this["low"] is not None:
        said += " The days known do not settle the date."
    if lost is not None and lost > this["crossed_on"]:
        said += f" {_upper(loser)} passed again on {format.long_day(lost)}; {leader} is ahead once more."
    return said


def sure(agreeing: tuple[int, int, int], ahead: str, names: Mapping[str, str]) -> str:
    """Under how many definitions the country that is ahead has the larger share; of China and the US alone."""
    china, united_states, definitions = agreeing
    if definitions == 0 or ahead not in ("CN", "US"):
        return ""
    agree = china if ahead == "CN" else united_states
    return (
        f"Of the {definitions} definitions that are compared day by day, {agree} give {in_sentence(names[ahead])} "
        "the larger share of the last 30 days' downloads."
    )


def caveat(difference: float, moved: Mapping[str, float], unknown: float, definition: Definition,
           pair: tuple[str, str], names: Mapping[str, str]) -> str:  # fmt: skip
    """What moves the difference of the two shares most: one sentence; empty if nothing can move it."""
    moves = {switch: abs(value - difference) for switch, value in moved.items()}
    strongest = max(moves, key=lambda switch: moves[switch], default=None)
    if definition.lens == "root" and unknown > 0 and unknown >= moves.get(strongest or "", 0.0):
        return (
            f"What could move this most: of {format.percent(unknown)} the root is not known, so the difference could "
            f"be larger or smaller by up to {_points(unknown)}."
        )
    if strongest is None:
        return ""
    ahead = in_sentence(names[pair[0] if moved[strongest] >= 0 else pair[1]])
    turned = moved[strongest] * difference < 0
    return (
        "Among lens, size, GGUF and copies this moves it most: "
        f"{_lower(_MOVED[strongest, _moved_to(strongest, definition)])}, "
        f"{ahead} would be ahead by {_points(abs(moved[strongest]))} instead of "
        f"{'behind by ' if turned else ''}{_points(abs(difference))}."
    )


def crossing_rows(crossings: pl.DataFrame, first_day: date | None, names: Mapping[str, str]) -> pl.DataFrame:
    """The table of crossovers, each pair and measure once: what happened, when, the interval in words, the measure."""
    told: list[tuple[str, date | None, str | None, str]] = []
    for metric, one, other in dict.fromkeys(_key(row) for row in crossings.iter_rows(named=True)):
        rows = _rows(crossings, metric)
        found = [rows[pair] for pair in ((one, other), (other, one)) if pair in rows]
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
        f"{unit}, by {group} of the root and by weight{least}; the same under either lens. Only survivors: what "
        "was deleted before it was first read is missing. Whole months, from the first with 20 derivatives on."
    )


def roots_told(known: tuple[float, float] | None) -> str:
    """How much has a known root; stands under charts of lineage."""
    if known is None:
        return ""
    models, downloads = known
    return f" The root is known of {format.percent(downloads)} of downloads and {format.percent(models)} of models."


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
            ahead = f"{names[row['a']]} ahead of {_named(row['b'], names)} from the first day known"
            return [(ahead, None, None)]
    return [(f"Neither {_named(a, names)} nor {_named(b, names)} stayed ahead for 14 days", None, None)]


def _named(code: str, names: Mapping[str, str]) -> str:
    return in_sentence(names[code])


def _interval_told(row: Mapping[str, Any], first_day: date | None) -> str:
    told = _interval(row, first_day)
    return f" (95 % interval: {told})" if told else ""


def _interval(row: Mapping[str, Any], first_day: date | None) -> str | None:
    """The interval in words; None where none was computed."""
    low, high = row["low"], row["high"]
    if low is None and high is None:
        return None
    start = f"{format.long_day(low)}{' or earlier' if low == first_day else ''}"
    return f"{start} to {format.long_day(high)}" if high else f"{start}, without an end within the days known"


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


def _lower(text: str) -> str:
    return f"{text[0].lower()}{text[1:]}"
