"""The family page and the report's largest families: headline, titles, tables of bars. Pure."""

from collections.abc import Mapping
from datetime import date
from typing import Any

import polars as pl

from dashboards.charts.colours import ORIGINS, series_colours
from dashboards.data import format, vocabulary
from dashboards.data.definition import Definition
from dashboards.data.vocabulary import METRIC_NAMES, layer_names, universe_name
from dashboards.text.lineage import RELATIONS
from dashboards.text.terms import MEAN_ENDS, in_sentence, origin_name

METRICS = {"downloads_30d": "30-day downloads", "downloads_7d_mean": "Daily downloads"}
THRESHOLDS = {"5": "More than 5", "0": "More than 0", "50": "More than 50"}
SIZES = ("<1", "1-5", "5-10", "10-50", "50-100", "100-250", "250+")
MOST_COUNTRIES = 10

NOTE = (
    "A family is credited with its own releases and all their descendants, by weight: a merge of two families counts "
    "half for each. Releases of the lab that are built on another family count for that family."
)
SECTIONS = {
    "generations": "Generations and models",
    "sizes": "Sizes and formats",
    "derivatives": "New derivatives",
    "builders": "Who builds on it",
}
NONE_OF = {
    "generations": "No day with these downloads is known for the family.",
    "models": "No models match these filters. Change them above.",
    "sizes": "Sizes and formats are unknown.",
    "layers": "Model types and formats are unknown.",
    "derivatives": "No derivative of the family with that many downloads is known.",
}
TITLES = {
    "models": "Most downloaded models built on {name}",
    "sizes": "30-day downloads of {name} by size and format",
    "layers": "30-day downloads of {name} by model type and format",
    "derivatives": "New derivatives of {name} by month and relation",
}
_GGUF = "GGUF repositories count every fetched file, others one file per load: do not compare the two colours."
SUBTITLES = {
    "generations": "By generation of the base model; shares of all that the family is credited with on a day.",
    "models": "Most downloaded models built on {name}",
    "sizes": f"Parameters in billions; 5-10: at least 5, below 10. {_GGUF}",
    "layers": f"Originals, fine-tunes and copies. {_GGUF}",
}

NO_FAMILY = "30-day downloads of the registered families are unknown on the last day."

_FORMATS = {True: "GGUF", False: "Other formats"}
_OTHERS = "Other countries"
_UNKNOWN_SIZE = "Unknown"
_COUNTS = {
    "release": ("original", "originals"),
    "derivative": ("fine-tune", "fine-tunes"),
    "repackaged": ("quantized copy", "quantized copies"),
    "other": ("other model", "other models"),
}


def family_names(families: Mapping[str, Mapping[str, Any]]) -> dict[str, str]:
    """Family -> its name, followed by the family's id where the name is not unique."""
    names = [row["name"] for row in families.values()]
    return {
        code: row["name"] if names.count(row["name"]) == 1 else f"{row['name']} ({code})"
        for code, row in families.items()
    }


def headline(
    family: Mapping[str, Any],
    definition: Definition,
    layers: pl.DataFrame,
    share: float | None,
    day: date,
    names: Mapping[str, str],
) -> str:
    """The family's maker, downloads, share of all, and number of models."""
    maker = f"{family['lab']} ({in_sentence(origin_name(family['origin'], names))})"
    if layers.is_empty():
        return f"{family['name']} is a family by {maker}. None of its listed models match these filters."
    credited = layers["downloads_30d"].sum() if layers["downloads_30d"].count() else None
    number = "an unknown number of" if credited is None else format.compact(float(credited))
    of_all = f", {format.percent(share)} of all" if share is not None else ""
    return (
        f"{family['name']}, by {maker}, gets {number} downloads{of_all} (30 days to {format.day(day)}; "
        f"{universe_name(definition.models)}, with derivatives). Models by weight: {_counts(layers)}."
    )


def generations_title(metric: str, view: str, name: str) -> str:
    """Title of the chart of generations."""
    what = METRIC_NAMES[metric]
    return f"{'Share of ' + what if view == 'share' else what[0].upper() + what[1:]} by generation of {name}"


def generations_subtitle(definition: Definition, metric: str) -> str:
    """Definition and filters of the chart of generations."""
    mean = f" Centred 7-day mean of estimated downloads. {MEAN_ENDS}" if metric == "downloads_7d_mean" else ""
    return f"{credited_subtitle(definition, SUBTITLES['generations'])}{mean}"


def credited_subtitle(definition: Definition, what: str) -> str:
    """The subtitle of a figure about a family: its content, attribution and filters."""
    return f"{what} Credited to the family of the base model, by weight; {definition.counted()}."


def derivatives_subtitle(models: str, least: int) -> str:
    """Definition of the columns of new derivatives."""
    return (
        f"Fine-tunes, adapters, merges and quantized copies by month of creation, with more than {least} all-time "
        "downloads, by weight. Models deleted before the first reading are missing. The last month is not over. "
        f"{universe_name(models).capitalize()}, all model types and formats."
    )


def generation_names(codes: pl.Series) -> dict[str, str]:
    """Code -> name of the lines of generations."""
    special = {vocabulary.OTHER: "Other generations", vocabulary.NOT_KNOWN: "Generation unknown"}
    return {code: special.get(code, code) for code in codes.unique().sort()}


def generation_data(days: pl.DataFrame, names: Mapping[str, str]) -> pl.DataFrame:
    """The data of the chart of generations for download."""
    name = pl.col("code").replace_strict(names, return_dtype=pl.String).alias("generation")
    return days.select("day", name, "value", "share")


def by_size(members: pl.DataFrame) -> pl.DataFrame:
    """Members summed by size and format as bars: group, part, value, share."""
    size = (
        pl.when(pl.col("size_bucket").is_in(SIZES)).then(pl.col("size_bucket") + "B").otherwise(pl.lit(_UNKNOWN_SIZE))
    )
    return _bars(members, size)


def size_order(bars: pl.DataFrame) -> list[str]:
    """The sizes that have a bar, the smallest first."""
    return [size for size in (*(f"{size}B" for size in SIZES), _UNKNOWN_SIZE) if size in set(bars["group"])]


def by_layer(members: pl.DataFrame) -> pl.DataFrame:
    """Members summed by layer and format as bars: group, part, value, share."""
    return _bars(members, pl.col("layer").replace(layer_names()))


def layer_order(bars: pl.DataFrame) -> list[str]:
    """The model types that have a bar, in their usual order."""
    return [name for name in layer_names().values() if name in set(bars["group"])]


def format_colours(bars: pl.DataFrame) -> dict[str, str]:
    """The formats of the bars, with their colours."""
    colours = series_colours(_FORMATS.values())
    return {name: colours[name] for name in ("Other formats", "GGUF") if name in set(bars["part"])}


def by_country(members: pl.DataFrame, names: Mapping[str, str]) -> pl.DataFrame:
    """Members summed by the publisher's country as bars (also `code`), the largest first, small ones combined."""
    known = members.filter(pl.col("downloads_30d").is_not_null())
    ranked = known.sort("downloads_30d", "origin", descending=[True, False])
    codes = [*ranked["origin"].head(MOST_COUNTRIES)]
    group = [origin_name(code, names) if code in codes else _OTHERS for code in ranked["origin"]]
    code = [code if code in codes else vocabulary.OTHER for code in ranked["origin"]]
    summed = ranked.with_columns(group=pl.Series(group, dtype=pl.String), code=pl.Series(code, dtype=pl.String))
    bars = summed.group_by("group", "code", maintain_order=True).agg(value=pl.col("downloads_30d").sum())
    return bars.with_columns(part="group", share=pl.col("value") / pl.col("value").sum())


def country_colours(bars: pl.DataFrame) -> dict[str, str]:
    """Name of a country -> its colour, or the colour of other countries."""
    rest = ORIGINS[vocabulary.OTHER]
    pairs = bars.select("group", "code").iter_rows()
    return {group: ORIGINS.get(code or vocabulary.NOT_KNOWN, rest) for group, code in pairs}


def by_relation(derivatives: pl.DataFrame) -> pl.DataFrame:
    """New derivatives as columns: month, part, value."""
    return derivatives.select("month", part=pl.col("relation").replace(RELATIONS), value="derivatives")


def relation_colours(columns: pl.DataFrame) -> dict[str, str]:
    """The relations of the columns, with their colours."""
    colours = series_colours(RELATIONS)
    return {name: colours[code] for code, name in RELATIONS.items() if name in set(columns["part"])}


def largest_bars(found: pl.DataFrame) -> pl.DataFrame:
    """The families as bars: group (its name, with its id where several have one name), part (layer), value, share."""
    names = found.select("family", "name").unique()
    twice = names.filter(pl.col("name").is_duplicated())["name"].implode()
    group = pl.when(pl.col("name").is_in(twice)).then(pl.format("{} ({})", "name", "family")).otherwise("name")
    part = pl.col("layer").replace_strict(layer_names(), return_dtype=pl.String)
    return found.select(group.alias("group"), part.alias("part"), "value", "share")


def largest_totals(found: pl.DataFrame) -> pl.DataFrame:
    """One row a family: family, name, value, share."""
    return found.group_by("family", "name", maintain_order=True).agg(pl.col("value", "share").sum())


def largest_subtitle(models: str, day: date) -> str:
    """Period and attribution of the bars of the largest families."""
    return (
        f"30-day downloads of {universe_name(models)} to {format.day(day)}, credited to the family of the base "
        "model by weight, with their share of all; by model type. GGUF repositories count every fetched file, others "
        "one file per load."
    )


def largest_headline(models: str, found: pl.DataFrame, day: date) -> str:
    """The shares of the three largest families."""
    largest = [f"{row['name']} with {format.percent(row['share'])}" for row in largest_totals(found).head(3).to_dicts()]
    return (
        f"The largest families of base models are {format.joined(largest)} of downloads of {universe_name(models)} "
        f"(30 days to {format.day(day)})."
    )


def _bars(members: pl.DataFrame, group: pl.Expr) -> pl.DataFrame:
    part = pl.col("is_gguf").replace_strict(_FORMATS, return_dtype=pl.String)
    known = members.filter(pl.col("downloads_30d").is_not_null())
    summed = known.group_by(group.alias("group"), part.alias("part")).agg(value=pl.col("downloads_30d").sum())
    ordered = summed.sort("group", "part")
    return ordered.with_columns(share=pl.col("value") / pl.col("value").sum())


def _counts(layers: pl.DataFrame) -> str:
    models = dict(layers.select("layer", "models").iter_rows())
    return ", ".join(
        format.count(round(models[layer]), *words) for layer, words in _COUNTS.items() if models.get(layer)
    )
