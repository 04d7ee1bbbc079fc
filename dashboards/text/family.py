"""What the page of a family says. Pure."""

from collections.abc import Mapping
from datetime import date
from typing import Any

import polars as pl

from dashboards.charts.colours import ORIGINS, series_colours
from dashboards.data import format, vocabulary
from dashboards.data.definition import Definition
from dashboards.data.vocabulary import METRIC_NAMES, layer_names
from dashboards.text.lineage import RELATIONS
from dashboards.text.terms import MEAN_ENDS, in_sentence, origin_name

METRICS = {"downloads_30d": "30-day downloads", "downloads_7d_mean": "Daily downloads"}
THRESHOLDS = {"5": "More than 5", "0": "More than 0", "50": "More than 50"}
SIZES = ("<1", "1-5", "5-10", "10-50", "50-100", "100-250", "250+")
MOST_COUNTRIES = 10

NOTE = (
    "A family is credited with its own releases and with all that descends from them, each by its weight: a merge of "
    "two families counts half for each. Releases of the lab that are built on another family count there."
)
SECTIONS = {
    "generations": "Generations and models",
    "sizes": "Sizes and formats",
    "derivatives": "New derivatives",
    "builders": "Who builds on it",
}
NONE_OF = {
    "generations": "No day has these downloads of the family.",
    "models": "No model of the chosen kinds is listed.",
    "sizes": "Nothing is known of sizes and formats.",
    "layers": "Nothing is known of layers and formats.",
    "derivatives": "No derivative of the family with so many downloads is known.",
    "builders": "Nobody but its own lab is known to publish what goes back to this family.",
    "repackagers": "No repackaged copy of the chosen kinds is listed.",
}
TITLES = {
    "models": "Most used models that go back to {name}",
    "repackagers": "Who repackages {name} most",
    "sizes": "30-day downloads of {name} by size and format",
    "layers": "30-day downloads of {name} by layer and format",
    "builders": "Who builds on {name}: 30-day downloads by country of the publisher",
    "derivatives": "New derivatives of {name} by month and relation",
}
_GGUF = "GGUF repositories count every file fetched, others one file per load: the two colours do not compare."
SUBTITLES = {
    "generations": "By generation of the root model; shares are of all that the family is credited with on a day.",
    "models": "Most used models that go back to {name}",
    "repackagers": "Who repackages {name} most",
    "sizes": f"Parameters in billions; 5-10 is from 5 to under 10. {_GGUF}",
    "layers": f"Own releases, derivatives and copies. {_GGUF}",
    "builders": "What others than the family's own lab publish; GGUF counts per file, others per load.",
}

NO_FAMILY = "No 30-day downloads of a family of the registry are known on the last day."

_FORMATS = {True: "GGUF", False: "Other formats"}
_OTHERS = "Other countries"
_UNKNOWN_SIZE = "Not known"
_COUNTS = {
    "release": ("release", "releases"),
    "derivative": ("derivative", "derivatives"),
    "repackaged": ("repackaged copy", "repackaged copies"),
    "other": ("other model", "other models"),
}


def family_names(families: Mapping[str, Mapping[str, Any]]) -> dict[str, str]:
    """Family -> its name, told apart by the family's id where several have one name."""
    names = [row["name"] for row in families.values()]
    return {
        code: row["name"] if names.count(row["name"]) == 1 else f"{row['name']} ({code})"
        for code, row in families.items()
    }


def headline(
    family: Mapping[str, Any], layers: pl.DataFrame, share: float | None, day: date, names: Mapping[str, str]
) -> str:
    """Who makes the family, what it is credited with, and how much is known to go back to it."""
    maker = f"{family['lab']} ({in_sentence(origin_name(family['origin'], names))})"
    if layers.is_empty():
        return f"{family['name']} is a family by {maker}. No listed model of the chosen kinds goes back to it."
    credited = layers["downloads_30d"].sum() if layers["downloads_30d"].count() else None
    of_all = f", {format.percent(share)} of all" if share is not None else ""
    return (
        f"{family['name']}, by {maker}, is credited with {format.compact(_number(credited))} downloads in the 30 days "
        f"to {format.day(day)}{of_all}. What goes back to it, by weight: {_counts(layers)}."
    )


def generations_title(metric: str, view: str, name: str) -> str:
    """The title of the chart of generations."""
    what = METRIC_NAMES[metric]
    return f"{'Share of ' + what if view == 'share' else what[0].upper() + what[1:]} by generation of {name}"


def generations_subtitle(definition: Definition, metric: str) -> str:
    """What the chart of generations counts."""
    mean = f" Centred 7-day mean of estimated downloads. {MEAN_ENDS}" if metric == "downloads_7d_mean" else ""
    return f"{credited_subtitle(definition, SUBTITLES['generations'])}{mean}"


def credited_subtitle(definition: Definition, what: str) -> str:
    """The subtitle of a figure about a family: what is drawn, whose it is, what is counted."""
    return f"{what} Credited to the family of the root model, by weight; {definition.counted()}."


def derivatives_subtitle(least: int) -> str:
    """What the columns of new derivatives count."""
    return (
        f"Finetunes, adapters, merges and quantized copies by month of creation, with more than {least} all-time "
        "downloads, by weight. Survivors only: "
        "what was deleted before the first reading is missing. The last month is not over. All layers and formats."
    )


def generation_names(codes: pl.Series) -> dict[str, str]:
    """Code -> name of the lines of generations."""
    special = {vocabulary.OTHER: "Other generations", vocabulary.NOT_KNOWN: "Generation not known"}
    return {code: special.get(code, code) for code in codes.unique().sort()}


def generation_data(days: pl.DataFrame, names: Mapping[str, str]) -> pl.DataFrame:
    """The days of the chart with the name of each line, as offered for download."""
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
    """The layers that have a bar, in the order of the field."""
    return [name for name in layer_names().values() if name in set(bars["group"])]


def format_colours(bars: pl.DataFrame) -> dict[str, str]:
    """The formats that are there, with their colours."""
    colours = series_colours(_FORMATS.values())
    return {name: colours[name] for name in ("Other formats", "GGUF") if name in set(bars["part"])}


def by_country(members: pl.DataFrame, names: Mapping[str, str]) -> pl.DataFrame:
    """Members summed by the publisher's country as bars, the largest first, the small ones as one: with `code`."""
    known = members.filter(pl.col("downloads_30d").is_not_null())
    ranked = known.sort("downloads_30d", "origin", descending=[True, False])
    codes = [*ranked["origin"].head(MOST_COUNTRIES)]
    group = [origin_name(code, names) if code in codes else _OTHERS for code in ranked["origin"]]
    code = [code if code in codes else vocabulary.OTHER for code in ranked["origin"]]
    summed = ranked.with_columns(group=pl.Series(group, dtype=pl.String), code=pl.Series(code, dtype=pl.String))
    bars = summed.group_by("group", "code", maintain_order=True).agg(value=pl.col("downloads_30d").sum())
    return bars.with_columns(part="group", share=pl.col("value") / pl.col("value").sum())


def country_colours(bars: pl.DataFrame) -> dict[str, str]:
    """Country in words -> its colour, that of the rest where it has none of its own."""
    rest = ORIGINS[vocabulary.OTHER]
    pairs = bars.select("group", "code").iter_rows()
    return {group: ORIGINS.get(code or vocabulary.NOT_KNOWN, rest) for group, code in pairs}


def by_relation(derivatives: pl.DataFrame) -> pl.DataFrame:
    """New derivatives as columns: month, part, value."""
    return derivatives.select("month", part=pl.col("relation").replace(RELATIONS), value="derivatives")


def relation_colours(columns: pl.DataFrame) -> dict[str, str]:
    """The relations that are there, with their colours."""
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


def largest_subtitle(day: date) -> str:
    """What the bars show."""
    return (
        f"30-day downloads to {format.day(day)}, credited to the family of the root model by weight, and their "
        "share of all; split by layer. GGUF repositories count every file fetched, others one file per load."
    )


def largest_headline(found: pl.DataFrame, day: date) -> str:
    """The largest families in a sentence."""
    largest = [f"{row['name']} with {format.percent(row['share'])}" for row in largest_totals(found).head(3).to_dicts()]
    return f"Of all 30-day downloads on {format.day(day)}, most go back to {format.joined(largest)}."


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


def _number(value: Any) -> float | None:
    return None if value is None else float(value)
