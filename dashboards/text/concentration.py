"""What the page of concentration says. Pure."""

from datetime import date

import polars as pl

from dashboards.charts.curves import Unit
from dashboards.data import format
from dashboards.text.terms import MEAN_ENDS

OF = {"lab": "Labs", "family": "Families", "model": "Models"}
MEASURES = {
    "effective_number": "Effective number",
    "hhi": "HHI",
    "top1_share": "Largest",
    "top10_share": "Ten largest",
    "gini": "Gini",
}
_MEANINGS = {
    "effective_number": "Effective number: how many members of equal size would be as concentrated; 1 / HHI",
    "hhi": "Herfindahl-Hirschman index (HHI): the sum of squared shares, 1 if one has all",
    "top1_share": "Share of the largest in the downloads of all members that day",
    "top10_share": "Share of the ten largest in the downloads of all members that day",
    "gini": "Gini coefficient: 0 if all are equal, near 1 if one has all; members without downloads count too",
}
UNITS: dict[str, Unit] = {
    "effective_number": "number", "hhi": "number", "top1_share": "share", "top10_share": "share", "gini": "number",
}  # fmt: skip
STEPS = {"mean": "7-day mean", "day": "Single days"}
LENS_LINES = {"publisher": "By publisher", "root": "By root"}

_TITLES = {
    "effective_number": "Effective number of {of}",
    "hhi": "HHI over {of}",
    "top1_share": "Share of the largest {one}",
    "top10_share": "Share of the ten largest {of}",
    "gini": "Gini coefficient over {of}",
}
_ONE = {"lab": "lab", "family": "family", "model": "model"}
_OF_ALL = {"lab": "registered labs", "family": "registered families", "model": "models"}

NOTHING = (
    "No day has known downloads yet: they are estimated from all-time counters that were read on two days or more. "
    "Run `tracker crawl` daily, then `tracker build`."
)
NOTE = (
    "Members are the labs, families or models with known downloads on the day, including those with none. What belongs "
    "to no lab or family of the registry is left out, so these shares are larger than shares of all downloads, which "
    "other pages show. Under the root lens a model has the downloads of everything that descends from it, by weight. "
    "The 7-day mean is a mean of the measures of single days; the table of the largest members sums their downloads."
)
WHERE_MODELS = (
    "This table lists labs and families. The largest models are on the page Models, sorted by 30-day downloads."
)


def title(of: str, measure: str) -> str:
    """The title of the chart."""
    return _TITLES[measure].format(of=OF[of].lower(), one=_ONE[of])


def subtitle(of: str, measure: str, step: str) -> str:
    """What the lines show."""
    direction = "Lower is more concentrated" if measure == "effective_number" else "Higher is more concentrated"
    return f"{_MEANINGS[measure]}. {direction}. Over {_OF_ALL[of]} by estimated downloads, under both lenses. " + (
        f"Centred 7-day mean of the daily values. {MEAN_ENDS}"
        if step == "mean"
        else "Single days, which follow the weekly rhythm."
    )


def when(measures: pl.DataFrame, step: str, day: date) -> str:
    """The day of the measures, or the days that they are a mean of."""
    if step == "day" or measures.is_empty():
        return format.day(day)
    return f"{format.day(day)}, mean of the {measures['known_days'][0]} days known around it"


def headline(measures: pl.DataFrame, of: str, lens: str, step: str, day: date, largest: pl.DataFrame | None) -> str:
    """How concentrated the last day is, or the mean around it, and what the shares are of."""
    found = measures.filter((pl.col("of") == of) & (pl.col("lens") == lens) & pl.col("hhi").is_not_null())
    if found.is_empty():
        return f"On {format.day(day)} the downloads of {OF[of].lower()} are unknown."
    row = found.row(0, named=True)
    first = {} if largest is None or largest.is_empty() else largest.row(0, named=True)
    on, who = f"On {format.day(day)}", f" ({first['name']})" if first else ""
    if step == "mean":
        on = f"In the 7-day mean around {format.day(day)} ({format.count(row['known_days'], 'day')} known)"
    said = (
        f"{on}, counted by {lens}, the downloads of {row['members']:,} {_OF_ALL[of]} were as concentrated as if "
        f"{row['effective_number']:.1f} {OF[of].lower()} had equal shares. The largest {_ONE[of]}{who} had "
        f"{format.percent(row['top1_share'])}, the ten largest {format.percent(row['top10_share'])}."
    )
    if not first:
        return said
    return (
        f"{said} Shares are of the downloads of {_OF_ALL[of]}, which had {format.percent(first['registered_share'])} "
        f"of all downloads {'in those days' if step == 'mean' else 'on that day'}."
    )


def measure_rows(measures: pl.DataFrame) -> pl.DataFrame:
    """All measures of a day as a table."""
    order = {code: index for index, code in enumerate(OF)}
    placed = measures.sort(pl.col("of").replace_strict(order, return_dtype=pl.Int64), "lens")
    of = pl.col("of").replace_strict(OF, return_dtype=pl.String).alias("of")
    lens = pl.col("lens").replace_strict(LENS_LINES, return_dtype=pl.String).alias("lens")
    return placed.select(of, lens, "members", *MEASURES)


def data(days: pl.DataFrame, of: str, measure: str) -> pl.DataFrame:
    """The lines as offered for download: the measure of each day and its mean, under their own names."""
    values = (pl.col("day_value").alias(measure), pl.col("mean_value").alias(f"{measure}_7d_mean"))
    return days.select("day", pl.col("code").alias("lens"), pl.lit(of).alias("of"), "members", *values)


def member_alt(of: str) -> str:
    """The table of the largest members in words."""
    return f"Table of the largest {OF[of].lower()} by downloads"
