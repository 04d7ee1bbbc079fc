"""The sections of the page of a family, one drawn at a time: question, query, chart."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

import polars as pl
import streamlit as st

from dashboards import controls, kin_tables, page, palette, show
from dashboards.charts import lines, months, series, split_bars
from dashboards.charts.figure import Figure
from dashboards.definition import Definition
from dashboards.queries import family as asked
from dashboards.queries import shared
from dashboards.store import Build, Store
from dashboards.words import family as words
from dashboards.words import origins, standing

MOST_MODELS, MOST_ACCOUNTS = 100, 50


@dataclass(frozen=True, slots=True)
class Chosen:
    """The family and the definition that the reader chose, over one warehouse."""

    store: Store
    build: Build
    definition: Definition
    family: str
    name: str
    day: date
    origins: Mapping[str, str]
    """Code -> name of all origins."""

    def footnote(self, missing_days: int = 0) -> str:
        """Day, coverage and source under each figure."""
        return standing.footnote(self.build, shared.coverage(self.store), "root", missing_days)

    def stem(self, *parts: str) -> str:
        """The file name of what is taken from a section."""
        return page.file_stem(self.family, *parts, str(self.day))


def show_generations(chosen: Chosen) -> None:
    """Downloads of each generation over time, and the most used models."""
    with st.container(horizontal=True, vertical_alignment="bottom", key="generation-controls"):
        metric = controls.one("Metric", "metric", words.METRICS)
        view = controls.one("View", "view", origins.VIEWS)
    days = asked.generation_days(chosen.store, chosen.definition, chosen.family, metric)
    if days.is_empty():
        st.info(words.NONE_OF["generations"])
    else:
        names = words.generation_names(days["code"])
        figure = Figure(
            name=chosen.stem("generations", metric, view),
            chart=lines.lines(days, view, names, palette.series(list(names))),
            title=words.generations_title(metric, view, chosen.name),
            subtitle=words.scope(chosen.definition, words.SUBTITLES["generations"]),
            footnote=chosen.footnote(series.missing_days(days)),
            alt_text=lines.described(days, view, names),
            data=words.named(days, names),
        )
        show.figure(figure)
    models = asked.top_models(chosen.store, chosen.definition, chosen.family, MOST_MODELS)
    _show_table(chosen, "models", kin_tables.member_rows(models, chosen.origins))


def show_sizes(chosen: Chosen) -> None:
    """Downloads by size and by layer, GGUF apart."""
    sizes = words.by_size(_members(chosen, "size_bucket", "is_gguf"))
    _show_bars(chosen, "sizes", sizes, words.size_order(sizes), words.format_colours(sizes))
    layers = words.by_layer(_members(chosen, "layer", "is_gguf"))
    _show_bars(chosen, "layers", layers, words.layer_order(layers), words.format_colours(layers))


def show_derivatives(chosen: Chosen) -> None:
    """New derivatives by month and relation."""
    least = int(controls.one("Downloads of each", "threshold", words.THRESHOLDS))
    born = words.by_relation(asked.derivatives(chosen.store, chosen.family, least))
    if born.is_empty():
        st.info(words.NONE_OF["derivatives"])
        return
    figure = Figure(
        name=chosen.stem("derivatives", str(least)),
        chart=months.columns(born, words.relation_colours(born)),
        title=words.TITLES["derivatives"].format(name=chosen.name),
        subtitle=words.derivatives_subtitle(least),
        footnote=chosen.footnote(),
        alt_text=months.described(born),
        data=born.rename({"part": "relation", "value": "derivatives"}),
    )
    show.figure(figure)


def show_builders(chosen: Chosen) -> None:
    """Downloads of what others publish, by their country, and who repackages most."""
    others = asked.members(chosen.store, chosen.definition, chosen.family, ("origin",), by_maker=False)
    countries = words.by_country(others, chosen.origins)
    colours = words.country_colours(countries)
    _show_bars(chosen, "builders", countries, list(countries["group"]), colours, legend=False)
    accounts = asked.repackagers(chosen.store, chosen.definition, chosen.family)
    _show_table(chosen, "repackagers", kin_tables.repackager_rows(accounts, MOST_ACCOUNTS))


def _members(chosen: Chosen, *by: str) -> pl.DataFrame:
    return asked.members(chosen.store, chosen.definition, chosen.family, by)


def _show_bars(
    chosen: Chosen, part: str, bars: pl.DataFrame, order: list[str], colours: Mapping[str, str], legend: bool = True
) -> None:
    if bars.is_empty():
        st.info(words.NONE_OF[part])
        return
    figure = Figure(
        name=chosen.stem(part),
        chart=split_bars.bars(bars, order, colours, legend),
        title=words.TITLES[part].format(name=chosen.name),
        subtitle=words.scope(chosen.definition, words.SUBTITLES[part]),
        footnote=chosen.footnote(),
        alt_text=split_bars.described(bars, order),
        data=bars.select("group", "part", "value", "share"),
    )
    show.figure(figure)


def _show_table(chosen: Chosen, part: str, rows: pl.DataFrame) -> None:
    heading = words.TITLES[part].format(name=chosen.name)
    st.subheader(heading, anchor=False)
    if rows.is_empty():
        st.caption(words.NONE_OF[part])
    else:
        show.table(rows, kin_tables.columns(), chosen.stem(part), f"Table: {heading}")
