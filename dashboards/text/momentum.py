"""The momentum page: RAM definition, headline, titles. Pure."""

from collections.abc import Mapping
from datetime import date
from typing import Any, Literal

import polars as pl

from dashboards.data import format
from dashboards.data.vocabulary import universe_name

Ram = Literal["ram_median", "ram_tenth"]

RAMS: dict[Ram, str] = {"ram_median": "Median of the ten", "ram_tenth": "The tenth"}
RAM_MEANING = (
    "**Median of the ten**: relative to the median of the ten most downloaded models of the size at the same age. "
    "**The tenth**: relative to the tenth highest at the same age, never lower than at an earlier age; unknown where "
    "fewer than ten models are known."
)
SIZES = {
    "<1": "below 1B", "1-5": "1B to 5B", "5-10": "5B to 10B", "10-50": "10B to 50B", "50-100": "50B to 100B",
    "100-250": "100B to 250B", "250+": "250B and more",
}  # fmt: skip
_AGAINST = {
    "ram_median": "the median of the ten most downloaded models of its size at the same age",
    "ram_tenth": "the tenth of its size at the same age",
}
_BASELINES = {"ram_median": "median of the ten", "ram_tenth": "the tenth"}
FEW = 10
"""A baseline of fewer models is weak."""

NOTE = (
    "Blank: unknown. Models of its size: those known at that age; fewer than ten are a weak baseline, because each of "
    "them then weighs heavily in it, and with fewer than five no RAM is shown. Only text and vision-language models "
    "that a registered lab published as its own weights. After a break of the series the comparison begins again: with "
    "the releases read since, and at the ages since."
)
NOTHING = (
    "No release has a RAM yet. It needs the model's size and its all-time counter at an age of 7 to 365 days, or up to "
    "three days before. Run `tracker crawl` daily, then `tracker build`."
)
NONE_OF_SIZE = (
    "No release of this size has a RAM yet: it needs at least five models of the size with known downloads at its age."
)
NONE_OF_TENTH = (
    "No release of this size has this RAM, because fewer than ten models of the size are known at any age. "
    "Choose the median of the ten."
)


def explained(baseline: date | None) -> str:
    """Definition of RAM and the day of its baseline."""
    return (
        "The Relative Adoption Metric (RAM) divides a release's all-time downloads at an age by those of the leaders "
        "of its class and size at the same age: 1 equals the leaders, 2 is twice as many. "
        f"Baseline of {format.day(baseline)}."
    )


def size_name(size: str) -> str:
    """The name of a size bucket."""
    return SIZES.get(size, size)


def sizes(measured: pl.DataFrame) -> dict[str, str]:
    """The sizes with a RAM, in order of size after the one with most releases, which is the default."""
    counts = dict(measured.iter_rows())
    known = [size for size in SIZES if size in counts]
    largest = max(known, key=lambda size: counts[size], default=None)
    return {size: size_name(size) for size in sorted(known, key=lambda size: size != largest)}


def names(releases: pl.DataFrame) -> dict[str, str]:
    """hub_id -> name of the repository."""
    return dict(releases.select("hub_id", "repo_id").iter_rows())


def short_names(releases: pl.DataFrame) -> dict[str, tuple[str, str | None]]:
    """hub_id -> the repository's name without its owner, and its publisher's origin."""
    rows = releases.select("hub_id", "repo_id", "publisher_origin").iter_rows()
    return {hub_id: (repo_id.rpartition("/")[2], origin) for hub_id, repo_id, origin in rows}


def title(models: str, size: str) -> str:
    """Title of the chart."""
    return f"New {universe_name(models)} compared with the leaders of their size, {size_name(size)}"


def subtitle(ram: Ram, chosen: bool, points: pl.DataFrame) -> str:
    """Definition, releases and baseline of the lines."""
    which = "Chosen releases" if chosen else "Releases of the last year with the highest latest RAM, at most eight"
    models = points["bucket_models"].drop_nulls()
    baseline = f"; measured against {min(models)} to {max(models)} models" if models.len() else ""
    return (
        f"RAM: all-time downloads divided by {_AGAINST[ram]}; logarithmic, dashed at 1. {which}{baseline}. "
        "Originals only, text and vision-language."
    )


def headline(rising: pl.DataFrame, ram: Ram, days: int) -> str:
    """The number of recent releases above 1, and the highest."""
    above = rising.filter(pl.col(ram) > 1)
    known = rising.filter(pl.col(ram).is_not_null()).height
    if not known:
        return f"No release of the last {days} days has a known RAM by this definition."
    verb = "exceeds" if above.height == 1 else "exceed"
    sentence = f"{above.height} of {format.count(known, 'release')} of the last {days} days with a known RAM {verb} 1."
    if above.height:
        strong = above.filter(pl.col("bucket_models") >= FEW)
        first = (strong if strong.height else above).row(0, named=True)
        among = f"Highest with a baseline of {FEW} models or more" if strong.height else "Highest"
        sentence += (
            f" {among}: {first['repo_id']} with {first[ram]:.1f} at {first['age_days']} days{_downloads(first, ram)}, "
            f"measured against {format.count(first['bucket_models'], 'model')} of its size."
        )
    return sentence


def _downloads(first: Mapping[str, Any], ram: Ram) -> str:
    """The downloads behind a RAM, which may be few: " (1.20M downloads; median of the ten: 28.5K)"."""
    if first["downloads_all_time"] is None:
        return ""
    downloads = first["downloads_all_time"]
    return f" ({format.compact(downloads)} downloads; {_BASELINES[ram]}: {format.compact(downloads / first[ram])})"


def data(points: pl.DataFrame, names: Mapping[str, str]) -> pl.DataFrame:
    """The data of the chart for download."""
    name = pl.col("code").replace_strict(names, return_dtype=pl.String).alias("repo_id")
    return points.select(
        name, pl.col("code").alias("hub_id"), "age_days", "ram_median", "ram_tenth", "downloads_all_time",
        "bucket_models",
    )  # fmt: skip
