"""What the page of concentration says. Pure."""

from datetime import date

import polars as pl

from dashboards import format
from dashboards.charts.curves import Unit

OF = {"lab": "Labs", "family": "Families", "model": "Models"}
MEASURES = {
    "effective_number": "Effective number",
    "hhi": "HHI",
    "top1_share": "Largest",
    "top10_share": "Ten largest",
    "gini": "Gini",
}
_MEANINGS = {
    "effective_number": "Effective number: as many equal ones would be as concentrated; 1 / HHI",
    "hhi": "Herfindahl-Hirschman index (HHI): the sum of squared shares, 1 if one has all",
    "top1_share": "Share of the largest in all downloads of the day",
    "top10_share": "Share of the ten largest in all downloads of the day",
    "gini": "Gini coefficient: 0 if all are equal, near 1 if one has all; those without downloads count too",
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

NOTHING = (
    "No day has known downloads yet: they are estimated from all-time counters that were read on two days or more. "
    "Run `tracker crawl` daily, then `tracker build`."
)
NOTE = (
    "Members are the labs, families or models with known downloads on the day, zeros among them. What belongs to no "
    "lab or family of the registry is left out, so shares are of the registered ones alone. Under the root lens a "
    "model has the downloads of all that descends from it, by weight."
)
WHERE_MODELS = (
    "The table of largest members lists labs and families. The largest models stand on the page Models, which sorts by "
    "30-day downloads."
)


def title(of: str, measure: str) -> str:
    """The title of the chart."""
    return _TITLES[measure].format(of=OF[of].lower(), one=_ONE[of])


def subtitle(of: str, measure: str, step: str) -> str:
    """What the lines show."""
    direction = "Lower is more concentrated" if measure == "effective_number" else "Higher is more concentrated"
    return f"{_MEANINGS[measure]}. {direction}. Over {OF[of].lower()} by estimated downloads, under both lenses. " + (
        "Centred 7-day mean of the daily values." if step == "mean" else "Single days, which follow the week."
    )


def headline(measures: pl.DataFrame, of: str, lens: str, day: date, largest: str | None) -> str:
    """How concentrated the last day is, in a sentence or two."""
    found = measures.filter((pl.col("of") == of) & (pl.col("lens") == lens) & pl.col("hhi").is_not_null())
    if found.is_empty():
        return f"On {format.long_day(day)} the downloads of {OF[of].lower()} are unknown."
    row = found.row(0, named=True)
    who = f" ({largest})" if largest else ""
    return (
        f"On {format.long_day(day)}, counted by {lens}, the downloads of {row['members']:,} {OF[of].lower()} were as "
        f"concentrated as those of {row['effective_number']:.1f} equal ones. The largest{who} had "
        f"{format.percent(row['top1_share'])}, the ten largest had {format.percent(row['top10_share'])}."
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
    return f"Table of the largest {OF[of].lower()} by downloads of the last day"


def largest_name(largest: pl.DataFrame | None) -> str | None:
    """The name of the largest member, where there is one."""
    return None if largest is None or largest.is_empty() else str(largest["name"][0])
