"""The concentration page: measures, headline, subtitles. Pure."""

from datetime import date

import polars as pl

from dashboards.charts.axes import Unit
from dashboards.data import format
from dashboards.data.definition import Definition
from dashboards.data.vocabulary import universe_name
from dashboards.text.terms import LENSES, MEAN_ENDS

OF = {"lab": "Labs", "family": "Families", "model": "Models"}
MEASURES = {
    "effective_number": "Effective number",
    "hhi": "HHI",
    "top1_share": "Largest",
    "top10_share": "Ten largest",
    "gini": "Gini",
}
_MEANINGS = {
    "effective_number": "Effective number: the number of equal members that would be as concentrated; 1 / HHI",
    "hhi": "Herfindahl-Hirschman index (HHI): the sum of squared shares, 1 if one has everything",
    "top1_share": "Share of the largest member in the downloads of all members that day",
    "top10_share": "Share of the ten largest members in the downloads of all members that day",
    "gini": "Gini coefficient: 0 if all are equal, near 1 if one has everything; members without downloads count",
}
UNITS: dict[str, Unit] = {
    "effective_number": "number", "hhi": "number", "top1_share": "share", "top10_share": "share", "gini": "number",
}  # fmt: skip
STEPS = {"mean": "7-day mean", "day": "Single days"}
LENS_LINES = {"publisher": "By publisher", "root": "By base model"}

_TITLES = {
    "effective_number": "Effective number of {of}",
    "hhi": "HHI over {of}",
    "top1_share": "Share of the largest {one}",
    "top10_share": "Share of the ten largest {of}",
    "gini": "Gini coefficient over {of}",
}
_ONE = {"lab": "lab", "family": "family", "model": "model"}
_OF_ALL = {"lab": "registered labs", "family": "registered families", "model": "models"}

NOTE = (
    "Members are the labs, families or models with known downloads on the day, also if these are zero. Models outside "
    "the registered labs or families are left out, so shares are larger than the shares of all downloads on other "
    "pages. By base model, a model is credited with the downloads of all its descendants, by weight. The 7-day mean "
    "averages the measures of single days; the table of the largest members sums their downloads. Neither crosses a "
    "break of the series, where other models are read."
)
WHERE_MODELS = (
    "This table lists labs and families. For the largest models, open the page Models and sort by 30-day downloads."
)


def title(of: str, measure: str) -> str:
    """Title of the chart."""
    return _TITLES[measure].format(of=OF[of].lower(), one=_ONE[of])


def subtitle(models: str, of: str, measure: str, step: str) -> str:
    """Definition, members and period of the lines."""
    direction = "Lower is more concentrated" if measure == "effective_number" else "Higher is more concentrated"
    return (
        f"{_MEANINGS[measure]}. {direction}. Over {_OF_ALL[of]} by estimated downloads of {universe_name(models)}. "
        + (
            f"Centred 7-day mean of the daily values. {MEAN_ENDS}"
            if step == "mean"
            else "Single days, which follow a weekly rhythm."
        )
    )


def when(measures: pl.DataFrame, step: str, day: date) -> str:
    """The day of the measures, or the days of their mean."""
    if step == "day" or measures.is_empty():
        return format.day(day)
    return f"{format.day(day)}, mean of the {measures['known_days'][0]} days known around it"


def headline(
    measures: pl.DataFrame, definition: Definition, of: str, step: str, day: date, largest: pl.DataFrame | None
) -> str:
    """The concentration of a day, or of the mean around it, with the share of all downloads that it covers."""
    lens, counted = definition.lens, universe_name(definition.models)
    found = measures.filter((pl.col("of") == of) & (pl.col("lens") == lens) & pl.col("hhi").is_not_null())
    if found.is_empty():
        return f"The downloads of {OF[of].lower()} on {format.day(day)} are unknown."
    row = found.row(0, named=True)
    first = {} if largest is None or largest.is_empty() else largest.row(0, named=True)
    name = f", {first['name']}," if first else ""
    when = format.day(day)
    if step == "mean":
        when = f"7-day mean around {when}, {format.count(row['known_days'], 'day')} known"
    sentence = (
        f"{row['members']:,} {_OF_ALL[of]} are as concentrated as {row['effective_number']:.1f} equal "
        f"{OF[of].lower()}: the largest {_ONE[of]}{name} gets {format.percent(row['top1_share'])} of downloads, the "
        f"ten largest {format.percent(row['top10_share'])} ({when}; {counted}, by {LENSES[lens].lower()})."
    )
    if not first:
        return sentence
    of_counted = "" if definition.models == "all" else f" of {counted}"
    return (
        f"{sentence} These are shares of the downloads of {_OF_ALL[of]}, which have "
        f"{format.percent(first['registered_share'])} of all downloads{of_counted}."
    )


def measure_rows(measures: pl.DataFrame) -> pl.DataFrame:
    """All measures of a day, a row for each kind of member and lens."""
    order = {code: index for index, code in enumerate(OF)}
    placed = measures.sort(pl.col("of").replace_strict(order, return_dtype=pl.Int64), "lens")
    of = pl.col("of").replace_strict(OF, return_dtype=pl.String).alias("of")
    lens = pl.col("lens").replace_strict(LENS_LINES, return_dtype=pl.String).alias("lens")
    return placed.select(of, lens, "members", *MEASURES)


def data(days: pl.DataFrame, of: str, measure: str) -> pl.DataFrame:
    """The data of the chart for download: the measure of each day and its 7-day mean."""
    values = (pl.col("day_value").alias(measure), pl.col("mean_value").alias(f"{measure}_7d_mean"))
    return days.select("day", pl.col("code").alias("lens"), pl.lit(of).alias("of"), "members", *values)


def member_alt(of: str) -> str:
    """Alternative text of the table of the largest members."""
    return f"Table of the largest {OF[of].lower()} by downloads"
