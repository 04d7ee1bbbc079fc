"""The compare page: options, titles, definitions and notes. Pure."""

from collections.abc import Collection, Iterable, Mapping
from datetime import date, timedelta

import polars as pl

from dashboards.charts import line_parts
from dashboards.charts.axes import Step
from dashboards.data import format
from dashboards.data.definition import Definition
from dashboards.data.vocabulary import universe_name
from dashboards.text.comparison import Comparison
from dashboards.text.terms import MEAN_ENDS, METRIC_MEANINGS, in_sentence

KINDS = {
    "origins": "Origins", "labs": "Labs", "families": "Families", "generations": "Generations", "models": "Models"
}  # fmt: skip
FAMILIES, RECENT = "Families people compare", "Latest generations since release"
"""Presets that name no country."""

KIND_NAMES = {"origins": "origin", "labs": "lab", "families": "family", "generations": "generation", "models": "model"}

MEASURES = {
    "daily": "Daily downloads",
    "30d": "30-day downloads",
    "all_time": "All-time downloads",
    "likes": "Likes",
    "derivatives": "New derivatives",
    "root": "Downloads credited to base models",
}
SCALES = {"linear": "Linear", "log": "Log", "share": "Share", "index": "Indexed"}
AGAINST = {"calendar": "Calendar", "release": "Since release"}
STEPS: dict[Step, str] = {"day": "Day", "week": "Week", "month": "Month"}
SMOOTHS = {"mean": "7-day mean", "raw": "Raw"}
COUNTERS = {"mean": "Added up", "raw": "As read"}
COUNTERS_MEANING = (
    "**Added up**: the counters of the first day read, plus the downloads of each day since. "
    "**As read**: the sums of the counters, which fall where one restarts or a model leaves."
)
EVENT_KINDS = {
    "counting-rule": "Counting rules", "rollback": "Rollbacks", "release": "Releases", "platform": "Platform"
}  # fmt: skip
EVENTS_SHOWN = ("counting-rule", "rollback")

BASE_MEANING = "Day on which every line is 100: the first day from this one on that is known for all lines."
SCALE_MEANING = (
    "**Share**: of everything that is counted, not only of the lines drawn. "
    "**Indexed**: every line is 100 on the first day known for all of them, or on a day you choose."
)

_LENSES = {
    ("origins", "publisher"): "Each repository counts for the country of its publisher",
    ("origins", "root"): "Each repository counts for the country of its base models' labs, by weight",
    ("labs", "publisher"): "Each repository counts for the lab that published it",
    ("labs", "root"): "Each repository counts for its base models' labs, by weight",
    ("families", "publisher"): "Each repository counts for its own family",
    ("families", "root"): "Each repository counts for the family of its base models, by weight",
    ("generations", "publisher"): "Each repository counts for its own generation",
    ("generations", "root"): "Each repository counts for the generation of its base models, by weight",
}
_OFTEN: dict[Step, str] = {"day": "daily", "week": "weekly", "month": "monthly"}
_BY_STEP: dict[Step, str] = {"day": "", "week": ", week by week", "month": ", month by month"}
_PERIODS = {"week": "week (Monday to Sunday)", "month": "calendar month"}
_AGES = {"week": "seven days since release", "month": "thirty days since release"}
_MEANINGS = {
    "daily": (
        "Downloads are requests for a model's query file, not users. Daily figures are estimated from differences "
        "between readings of the all-time counters. GGUF repositories count every file fetched, others one file per "
        "load."
    ),
    "30d": METRIC_MEANINGS["downloads_30d"],
    "all_time": (
        "The Hub's count since each repository was created. The Hub sometimes rolls these counters back: such readings "
        "are not used to estimate daily downloads, but are drawn here as they were read."
    ),
    "likes": METRIC_MEANINGS["likes"],
    "derivatives": (
        "A derivative counts for its root base models, by weight, not for the models in between. Fine-tunes, "
        "adapters, merges and quantized copies count, except a lab's own releases. The current month is left out "
        "until it is over."
    ),
    "root": (
        "A base model is credited with its own downloads and those of everything built on it, by weight: a merge of "
        "two base models counts half for each."
    ),
}
_BREAKS = (
    "After a break in the series, or in one line, other models are counted. Weeks, months, changes, peaks and indices "
    "do not cross a break."
)
_AGE_NOTE = (
    "Day 0 is the release of the model, or of the first model of a generation, family or lab in the data. "
    "Repositories created before April 2022 have no exact date."
)
_COLOURS = "Letters after a name are its country of origin: CN for China, US for the United States."
_OF_ROOTS = "Each base model with everything built on it, by weight"
_ADDED = {
    ("models", "derivatives"): "What is built on a derivative counts for the base models of that derivative.",
    ("models", "root"): (
        "All model types, sizes and formats count. A derivative is credited to its base models, with everything "
        "built on it; over all base models this adds up to all downloads."
    ),
    ("generations", "derivatives"): (
        "Base models whose name fits no generation, or that were published by a repackager, count for their family "
        "only."
    ),
}
"""(kind, measure) -> additional note."""


def title(comparison: Comparison) -> str:
    """Title of the chart: measure, kind and scale."""
    what = measure_name(comparison)
    if comparison.view == "share":
        what = f"share of {what}"
    indexed = ", indexed" if comparison.view == "index" else ""
    aligned = " since release" if comparison.axes.x == "age" else ""
    steps = "" if comparison.is_sum else _BY_STEP[comparison.step]
    return f"{_upper(what)} by {KIND_NAMES[comparison.kind]}{aligned}{indexed}{steps}"


def measure_name(comparison: Comparison) -> str:
    """The measure of one step of the lines, within a sentence: "monthly downloads", "likes"."""
    match comparison.measure:
        case "daily":
            return f"{_OFTEN[comparison.step]} downloads"
        case "root":
            return f"{_OFTEN[comparison.step]} downloads credited to base models"
        case "derivatives":
            return "new derivatives per month"
    measure = MEASURES[comparison.measure]
    return f"{measure[0].lower()}{measure[1:]}"


def pair_preset(first: str, second: str) -> str:
    """The preset of two countries."""
    return f"{first} and {in_sentence(second)}"


def labs_preset(country: str) -> str:
    """The preset of the labs of a country."""
    return f"Labs of {in_sentence(country)}"


def subtitle(
    comparison: Comparison, definition: Definition, min_downloads: int, base: date | int | None, last: date
) -> str:
    """Unit, step, attribution and filters of the chart; `last` is the last known day."""
    parts = [_unit(comparison, base)]
    if comparison.measure == "derivatives":
        least = "" if min_downloads == 0 else f" if it has more than {min_downloads} downloads"
        parts.append(
            f"Each derivative counts for its root base models, by weight, in the month it was created{least}; "
            f"{universe_name(definition.models)}. Derivatives deleted before the first reading are missing"
        )
    elif comparison.kind == "models":
        parts.append(_OF_ROOTS if comparison.is_of_roots else "Each repository on its own, without what is built on it")
    else:
        parts.append(f"{_LENSES[comparison.kind, definition.lens]}; {definition.counted()}")
    if comparison.is_cut:
        parts.append(_cut(comparison.since, comparison.until))
    has_open_ends = comparison.until is None or comparison.until > last - timedelta(days=3)
    ends = f" {MEAN_ENDS}" if comparison.is_mean and comparison.axes.x == "day" and has_open_ends else ""
    return ". ".join(parts) + f".{ends}"


def _cut(since: date | None, until: date | None) -> str:
    """The selected date range."""
    if since is None or until is None:
        return f"Days from {format.day(since)}" if since else f"Days to {format.day(until or date.max)}"
    return f"Days {format.day(since)}–{format.day(until)}"


def _unit(comparison: Comparison, base: date | int | None) -> str:
    what = measure_name(comparison)
    unit = f"Share of all {what}" if comparison.view == "share" else _upper(what)
    indexed = f"; 100 is the level of each line {step_name(comparison, base)}" if comparison.view == "index" else ""
    return f"{unit}{_gathered(comparison)}{indexed}"


def _gathered(comparison: Comparison) -> str:
    if comparison.is_mean:
        return ", centred 7-day mean"
    if comparison.step == "day" or comparison.measure == "derivatives":
        return ""
    period = (_AGES if comparison.axes.x == "age" else _PERIODS)[comparison.step]
    each = "every" if comparison.axes.x == "age" else "each"
    return f", {'sum of each full' if comparison.is_sum else f'last known value of {each}'} {period}"


def step_name(comparison: Comparison, base: date | int | None) -> str:
    """A step with its preposition: "on 20 Nov 2026", "30 days after release"."""
    if isinstance(base, date):
        day = format.day(base)
        return {"day": f"on {day}", "week": f"in the week from {day}", "month": f"in {base:%B %Y}"}[comparison.step]
    if base is None:
        return "at the base"
    return f"{format.count(base, 'day')} after release" if base else "on the day of release"


def _upper(text: str) -> str:
    return f"{text[0].upper()}{text[1:]}"


def no_lines(comparison: Comparison) -> str:
    """Why there is no line to draw, and what to change."""
    what = MEASURES[comparison.measure]
    if comparison.is_cut:
        chosen = _cut(comparison.since, comparison.until)
        return f"No figures in this date range ({chosen[0].lower()}{chosen[1:]}). Choose another."
    if comparison.view == "index":
        age = "age since release" if comparison.axes.x == "age" else "day"
        return f"There is no {age} at which all of these are known, so no index can be computed. Choose others."
    if comparison.is_of_roots:
        return f"{what} are counted for base models only, and none are known for these. Choose others."
    if comparison.axes.x == "age":
        return "No figures since release are known for these. Choose others."
    return f"{what} are not known for these. Choose others, or another measure."


def notes(
    comparison: Comparison,
    drawn: Iterable[str],
    names: Mapping[str, str],
    released: Mapping[str, date],
    built: Collection[str] = (),
    is_broken: bool = False,
) -> str:
    """Notes under the chart: which of the selected are not drawn and why, and definitions of age and measure.

    `built` are the selected models that are built on others, where base models are counted. `is_broken` says that the
    lines have a break.
    """
    gone = [code for code in comparison.codes if code not in set(drawn)]
    undated = [code for code in gone if comparison.axes.x == "age" and code not in released and code not in built]
    reasons = {
        "built on other models, so not a base model": [code for code in gone if code in built],
        "release date unknown": undated,
        _nothing_of(comparison): [code for code in gone if code not in (*undated, *built)],
    }
    sentences = [f"Not drawn ({because}): {_listed(codes, names)}." for because, codes in reasons.items() if codes]
    sentences += [_AGE_NOTE] if comparison.axes.x == "age" else []
    sentences += [_BREAKS] if is_broken else []
    meaning = METRIC_MEANINGS["downloads_all_time"] if comparison.is_added_up else _MEANINGS[comparison.measure]
    sentences += [meaning, _ADDED.get((comparison.kind, comparison.measure), "")]
    sentences += [] if comparison.kind == "origins" else [_COLOURS]
    return " ".join(filter(None, sentences))


def _nothing_of(comparison: Comparison) -> str:
    return "no derivatives counted" if comparison.measure == "derivatives" else "no figures known"


def footnote_lens(comparison: Comparison, definition: Definition) -> str | None:
    """The lens for the footnote; None where it does not affect the lines."""
    is_moved = comparison.measure == "root" or (comparison.kind != "models" and comparison.measure != "derivatives")
    return definition.lens if is_moved else None


def missing_days(comparison: Comparison, frame: pl.DataFrame) -> int:
    """Days of the calendar without a figure of any line; 0 for periods and ages."""
    return line_parts.missing_days(frame) if comparison.axes.x == "day" and comparison.step == "day" else 0


def _listed(codes: list[str], names: Mapping[str, str]) -> str:
    return ", ".join(names[code] for code in codes)


def data(frame: pl.DataFrame, comparison: Comparison, names: Mapping[str, str]) -> pl.DataFrame:
    """The data of the chart for download."""
    name = pl.col("code").replace_strict(names, return_dtype=pl.String).alias("name")
    figures = [column for column in ("value", "share", "index") if column in frame.columns]
    return frame.select(comparison.axes.x, "code", name, *figures)
