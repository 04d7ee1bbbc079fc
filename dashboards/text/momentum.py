"""What the page of momentum says. Pure."""

from collections.abc import Mapping
from datetime import date
from typing import Literal

import polars as pl

from dashboards.data import format

Ram = Literal["ram_median", "ram_tenth"]

RAMS: dict[Ram, str] = {"ram_median": "Median of the ten", "ram_tenth": "The tenth"}
RAM_MEANING = (
    "**Median of the ten**: over the median of the ten most downloaded models of the size, at the same age. "
    "**The tenth**: over the tenth highest at the same age, never lower than at an earlier one; unknown where fewer "
    "than ten are known."
)
_SIZES = {
    "<1": "below 1B", "1-5": "1B to 5B", "5-10": "5B to 10B", "10-50": "10B to 50B", "50-100": "50B to 100B",
    "100-250": "100B to 250B", "250+": "250B and more",
}  # fmt: skip
_AGAINST = {
    "ram_median": "the median of the ten most downloaded models of its size at the same age",
    "ram_tenth": "the tenth of its size at the same age",
}
FEW = 10
"""Fewer models than this make a weak baseline."""

NOTE = (
    "Blank means unknown. Measured against is how many models of the size are known at that age; fewer than ten make a "
    "weak baseline, and one of few is near its own measure. Only text and vision-language models that a registered lab "
    "published as its own weights."
)
NOTHING = (
    "No release has a RAM yet: it needs the size of a release, and its all-time counter read when it was 7 to 365 days "
    "old, or up to three days younger. "
    "Run `tracker crawl` daily, then `tracker build`."
)
NONE_OF_TENTH = (
    "No release of this size has this RAM: fewer than ten models of the size are known at an age. "
    "Choose the median of the ten."
)


def explained(baseline: date | None) -> str:
    """RAM in one sentence, and the day of its baseline."""
    return (
        "The Relative Adoption Metric (RAM) is a release's all-time downloads at an age, over those of the leaders of "
        "its size at the same age: 1 is typical of the leaders, 2 is twice that. "
        f"The baseline is of {format.day(baseline)}."
    )


def size_name(size: str) -> str:
    """A size bucket as the reader sees it."""
    return _SIZES.get(size, size)


def sizes(measured: pl.DataFrame) -> dict[str, str]:
    """The sizes with any RAM, the one with most releases first: what is opened first says most."""
    counts = dict(measured.iter_rows())
    known = [size for size in _SIZES if size in counts]
    largest = max(known, key=lambda size: counts[size], default=None)
    return {size: size_name(size) for size in sorted(known, key=lambda size: size != largest)}


def names(releases: pl.DataFrame) -> dict[str, str]:
    """hub_id -> name of the repository."""
    return dict(releases.select("hub_id", "repo_id").iter_rows())


def short_names(releases: pl.DataFrame) -> dict[str, tuple[str, str | None]]:
    """hub_id -> the repository's name without its owner, and its publisher's origin."""
    rows = releases.select("hub_id", "repo_id", "publisher_origin").iter_rows()
    return {hub_id: (repo_id.rpartition("/")[2], origin) for hub_id, repo_id, origin in rows}


def title(size: str) -> str:
    """The title of the chart."""
    return f"Releases against the leaders of their size, {size_name(size)}"


def subtitle(ram: Ram, chosen: bool, points: pl.DataFrame) -> str:
    """What the lines are, and how strong their baseline is."""
    which = "Chosen releases" if chosen else "The releases of the last year with the highest latest RAM, eight at most"
    models = points["bucket_models"].drop_nulls()
    baseline = f"; measured against {min(models)} to {max(models)} models" if models.len() else ""
    return (
        f"RAM: all-time downloads over {_AGAINST[ram]}, logarithmic; dashed at 1. {which}{baseline}. "
        "Release layer, text and vision-language."
    )


def headline(rising: pl.DataFrame, ram: Ram, days: int) -> str:
    """What is on its way up, in a sentence written from the table."""
    above = rising.filter(pl.col(ram) > 1)
    known = rising.filter(pl.col(ram).is_not_null()).height
    if not known:
        return f"No release of the last {days} days has a known RAM by this definition."
    stand = f"{above.height} {'stands' if above.height == 1 else 'stand'} above 1"
    said = f"Of {format.count(known, 'release')} of the last {days} days with a known RAM, of any size, {stand}."
    if above.height:
        strong = above.filter(pl.col("bucket_models") >= FEW)
        first = (strong if strong.height else above).row(0, named=True)
        among = f" Of those measured against {FEW} models or more, the highest" if strong.height else " The highest"
        said += (
            f"{among} is {first['repo_id']} with {first[ram]:.1f} at {first['age_days']} days, "
            f"measured against {format.count(first['bucket_models'], 'model')} of its size."
        )
    return said


def data(points: pl.DataFrame, names: Mapping[str, str]) -> pl.DataFrame:
    """The lines as offered for download."""
    name = pl.col("code").replace_strict(names, return_dtype=pl.String).alias("repo_id")
    return points.select(
        name, pl.col("code").alias("hub_id"), "age_days", "ram_median", "ram_tenth", "downloads_all_time",
        "bucket_models",
    )  # fmt: skip
