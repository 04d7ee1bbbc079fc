"""What the report says of the families that are used most. Pure."""

from datetime import date

import polars as pl

from dashboards.data import format
from dashboards.data.vocabulary import layer_names

NOTHING = "No 30-day downloads of a family of the registry are known on the last day."


def bars(found: pl.DataFrame) -> pl.DataFrame:
    """The families as bars: group (its name, with its id where several have one name), part (layer), value, share."""
    names = found.select("family", "name").unique()
    twice = names.filter(pl.col("name").is_duplicated())["name"].implode()
    group = pl.when(pl.col("name").is_in(twice)).then(pl.format("{} ({})", "name", "family")).otherwise("name")
    part = pl.col("layer").replace_strict(layer_names(), return_dtype=pl.String)
    return found.select(group.alias("group"), part.alias("part"), "value", "share")


def sums(found: pl.DataFrame) -> pl.DataFrame:
    """One row a family: family, name, value, share."""
    return found.group_by("family", "name", maintain_order=True).agg(pl.col("value", "share").sum())


def subtitle(day: date) -> str:
    """What the bars show."""
    return (
        f"30-day downloads to {format.day(day)}, credited to the family of the root model by weight, and their "
        "share of all; split by layer. GGUF repositories count every file fetched, others one file per load."
    )


def headline(found: pl.DataFrame, day: date) -> str:
    """The largest families in a sentence."""
    largest = [f"{row['name']} with {format.percent(row['share'])}" for row in sums(found).head(3).to_dicts()]
    return f"Of all 30-day downloads on {format.day(day)}, most go back to {_listed(largest)}."


def _listed(parts: list[str]) -> str:
    return parts[0] if len(parts) == 1 else f"{', '.join(parts[:-1])} and {parts[-1]}"
