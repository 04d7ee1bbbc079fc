"""What the page that compares says. Pure."""

from collections.abc import Collection, Iterable, Mapping
from datetime import date

import polars as pl

from dashboards import format
from dashboards.charts import series
from dashboards.charts.axes import Step
from dashboards.comparison import Comparison
from dashboards.definition import Definition
from dashboards.words.terms import METRIC_MEANINGS

KINDS = {
    "origins": "Origins", "labs": "Labs", "families": "Families", "generations": "Generations", "models": "Models"
}  # fmt: skip
_ONE = {"origins": "origin", "labs": "lab", "families": "family", "generations": "generation", "models": "model"}

MEASURES = {
    "daily": "Daily downloads",
    "30d": "30-day downloads",
    "all_time": "All-time downloads",
    "likes": "Likes",
    "derivatives": "New derivatives",
    "root": "Root-credited downloads",
}
SCALES = {"linear": "Linear", "log": "Log", "share": "Share", "index": "Indexed"}
AGAINST = {"calendar": "Calendar", "release": "Since release"}
STEPS: dict[Step, str] = {"day": "Day", "week": "Week", "month": "Month"}
SMOOTHS = {"mean": "7-day mean", "raw": "Raw"}
EVENT_KINDS = {
    "counting-rule": "Counting rules", "rollback": "Rollbacks", "release": "Releases", "platform": "Platform"
}  # fmt: skip
EVENTS_SHOWN = ("counting-rule", "rollback")

BASE_MEANING = "Where the lines stand at 100: the first day from this one on, on which all are known."
SCALE_MEANING = (
    "**Share**: of all that the definition counts, not only of the lines drawn. "
    "**Indexed**: 100 on the first day on which all lines are known, or on a day you choose."
)

_LENSES = {
    ("origins", "publisher"): "Counted by the country of the publishing organisation",
    ("origins", "root"): "Counted by the country of the lab that made the root base model, by weight",
    ("labs", "publisher"): "Counted for the lab that published the repository",
    ("labs", "root"): "Counted for the lab that made the root base model, by weight",
    ("families", "publisher"): "Counted in the family of the repository itself",
    ("families", "root"): "Counted in the family of the root base model, by weight",
    ("generations", "publisher"): "Counted in the generation of the repository itself",
    ("generations", "root"): "Counted in the generation of the root base model, by weight",
}
_MOST_TOLD = 8
"""How many events a footnote names."""

_PERIODS = {"week": "weeks from Monday", "month": "calendar months"}
_AGES = {"week": "weeks counted from release", "month": "months of thirty days counted from release"}
_MEANINGS = {
    "daily": (
        "Downloads are requests for a model's query file, not users; those of a day are estimated from differences of "
        "all-time counters. GGUF repositories count every file fetched, others one file per load."
    ),
    "30d": METRIC_MEANINGS["downloads_30d"],
    "all_time": "What the Hub has counted since each repository was created; it can correct itself downwards.",
    "likes": METRIC_MEANINGS["likes"],
    "derivatives": (
        "A derivative counts for its roots, by weight, and not for the bases between: finetunes, adapters, merges and "
        "copies, made by anyone but the lab's own releases. The month that is not over yet is left out."
    ),
    "root": (
        "Root-credited: a model's own downloads of the day and those of all that descends from it, by weight: a merge "
        "of two roots counts half to each."
    ),
}
_AGE_NOTE = (
    "Day 0 is the release: of a model its own, of a generation, family or lab that of its first model in the data. "
    "Repositories created before April 2022 have no exact day."
)
_OF_ROOTS = "Each root with all its descendants, by weight; whatever lens and layers are chosen"
_ADDED = {
    ("models", "derivatives"): (
        "A repository that is built on others is no root: what is built on it counts for its roots."
    ),
    ("models", "root"): (
        "All layers, sizes and formats count. A repository that is built on others is no root: it is credited to its "
        "roots, with all that is built on it. Over all roots these are all downloads of the day."
    ),
    ("generations", "derivatives"): (
        "A root whose name fits no generation, and one that a repackager holds, counts for its family alone."
    ),
}
"""What else is to be known of a measure of a kind."""


def title(comparison: Comparison) -> str:
    """The title of the chart: what is drawn, of what."""
    what = MEASURES[comparison.measure]
    if comparison.view == "share":
        what = f"Share of {what[0].lower()}{what[1:]}"
    indexed = ", indexed" if comparison.view == "index" else ""
    aligned = " since release" if comparison.axes.x == "age" else ""
    return f"{what} by {_ONE[comparison.kind]}{aligned}{indexed}"


def subtitle(comparison: Comparison, definition: Definition, min_downloads: int, base: date | int | None) -> str:
    """What the chart shows: unit, step, lens, what is counted."""
    parts = [_unit(comparison, base)]
    if comparison.measure == "derivatives":
        least = "" if min_downloads == 0 else f" with more than {min_downloads} downloads"
        parts.append(
            f"Counted by root and month of creation, by weight{least}; whatever lens and layers are chosen. "
            "Only repositories that were still there when first read"
        )
    elif comparison.kind == "models":
        parts.append(_OF_ROOTS if comparison.is_of_roots else "Each repository by itself, without what is built on it")
    else:
        parts.append(f"{_LENSES[comparison.kind, definition.lens]}; {definition.counted()}")
    return ". ".join(parts) + "."


def _unit(comparison: Comparison, base: date | int | None) -> str:
    measure = MEASURES[comparison.measure]
    of_all = f"Share of all {measure[0].lower()}{measure[1:]}" if comparison.view == "share" else measure
    if comparison.view == "index":
        of_all = f"{measure}, 100 {_at(base)}"
    if comparison.is_mean:
        return f"{of_all}, centred 7-day mean"
    if comparison.step == "day" or comparison.measure == "derivatives":
        return of_all
    periods = (_AGES if comparison.axes.x == "age" else _PERIODS)[comparison.step]
    how = "sums of whole" if comparison.is_flow else "last known values of"
    return f"{of_all}, {how} {periods}"


def _at(base: date | int | None) -> str:
    if isinstance(base, date):
        return f"on {format.long_day(base)}"
    return "at the base" if base is None else f"{format.counted(base, 'day')} after release"


def nothing(comparison: Comparison) -> str:
    """Why there is no line to draw."""
    if comparison.view == "index":
        return "There is no day on which all chosen lines are known, from which to index them. Choose others."
    if comparison.is_of_roots:
        return f"{MEASURES[comparison.measure]} are of roots, and none are known of the chosen. Choose others."
    if comparison.axes.x == "age":
        return "Nothing is known of the chosen since their release. Choose others."
    measure = MEASURES[comparison.measure]
    return f"{measure} of the chosen are not known. Choose others, or another measure."


def notes(
    comparison: Comparison,
    drawn: Iterable[str],
    names: Mapping[str, str],
    released: Mapping[str, date],
    built: Collection[str] = (),
) -> str:
    """What stands under the chart: which of the chosen are not drawn and why, what age and the measure mean.

    `built` are those that are no roots, where roots are counted.
    """
    gone = [code for code in comparison.codes if code not in set(drawn)]
    no_roots = [code for code in gone if code in built]
    undated = [code for code in gone if comparison.axes.x == "age" and code not in released and code not in built]
    said = [f"Built on others, and so no root: {_listed(no_roots, names)}."] if no_roots else []
    said += [f"No day of release is known of {_listed(undated, names)}."] if undated else []
    empty = [code for code in gone if code not in (*undated, *no_roots)]
    said += [f"{_nothing_of(comparison)} of {_listed(empty, names)}."] if empty else []
    said += [_AGE_NOTE] if comparison.axes.x == "age" else []
    said += [_MEANINGS[comparison.measure], _ADDED.get((comparison.kind, comparison.measure), "")]
    return " ".join(filter(None, said))


def _nothing_of(comparison: Comparison) -> str:
    return "No derivative is counted" if comparison.measure == "derivatives" else "Nothing is known to draw"


def lens_told(comparison: Comparison, definition: Definition) -> str | None:
    """The lens for the footnote; none where it does not move the lines."""
    is_moved = comparison.measure == "root" or (comparison.kind != "models" and comparison.measure != "derivatives")
    return definition.lens if is_moved else None


def missing_days(comparison: Comparison, frame: pl.DataFrame) -> int:
    """How many days of the calendar have no figure of any line; not asked of periods and ages."""
    return series.missing_days(frame) if comparison.axes.x == "day" and comparison.step == "day" else 0


def _listed(codes: list[str], names: Mapping[str, str]) -> str:
    return ", ".join(names[code] for code in codes)


def happened(events: pl.DataFrame, first: date, last: date) -> str:
    """The events within the days drawn, for the footnote; empty if there are none."""
    within = events.filter(pl.col("event_date").is_between(first, last))
    told = [f"{format.long_day(day)}: {title}" for day, title in within.select("event_date", "title").iter_rows()]
    earlier = f"{len(told) - _MOST_TOLD} earlier ones; " if len(told) > _MOST_TOLD else ""
    return f" Events: {earlier}{'; '.join(told[-_MOST_TOLD:])}." if told else ""


def taken(frame: pl.DataFrame, comparison: Comparison, names: Mapping[str, str]) -> pl.DataFrame:
    """What is drawn, as offered for download."""
    name = pl.col("code").replace_strict(names, return_dtype=pl.String).alias("name")
    figures = [column for column in ("value", "share", "index") if column in frame.columns]
    return frame.select(comparison.axes.x, "code", name, *figures)
