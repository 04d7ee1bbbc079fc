"""The sections of the page of a family, one drawn at a time: question, query, chart."""

import polars as pl
import streamlit as st

from dashboards.data import format
from dashboards.figures import family as figures
from dashboards.figures.family import Chosen
from dashboards.queries import family as asked
from dashboards.text import family as words
from dashboards.text import overview
from dashboards.ui import controls, display, kin_tables

MOST_MODELS, MOST_ACCOUNTS = 100, 50


def show_generations(chosen: Chosen) -> None:
    """Downloads of each generation over time, and the most used models."""
    with st.container(horizontal=True, vertical_alignment="bottom", key="generation-controls"):
        metric = controls.one("Metric", "metric", words.METRICS)
        view = controls.one("View", "view", overview.VIEWS)
    if chosen.generation_days(metric).is_empty():
        st.info(words.NONE_OF["generations"])
    else:
        display.figure(figures.generations(chosen, metric, view))
    models = asked.top_models(chosen.store, chosen.definition, chosen.family, MOST_MODELS)
    _show_table(chosen, "models", kin_tables.member_rows(models, chosen.origins))


def show_sizes(chosen: Chosen) -> None:
    """Downloads by size and by layer, GGUF apart."""
    _show_bars(chosen, "sizes")
    _show_bars(chosen, "layers")


def show_derivatives(chosen: Chosen) -> None:
    """New derivatives by month and relation."""
    least = int(controls.one("Downloads of each", "threshold", words.THRESHOLDS))
    if chosen.born(least).is_empty():
        st.info(words.NONE_OF["derivatives"])
    else:
        display.figure(figures.derivatives(chosen, least))


def show_builders(chosen: Chosen) -> None:
    """Downloads of what others publish, by their country, and who repackages most."""
    _show_bars(chosen, "builders")
    accounts = asked.repackagers(chosen.store, chosen.definition, chosen.family)
    _show_table(chosen, "repackagers", kin_tables.repackager_rows(accounts, MOST_ACCOUNTS))


def _show_bars(chosen: Chosen, part: str) -> None:
    if chosen.bars(part).is_empty():
        st.info(words.NONE_OF[part])
    else:
        display.figure(figures.bars(chosen, part))


def _show_table(chosen: Chosen, part: str, rows: pl.DataFrame) -> None:
    heading = words.TITLES[part].format(name=chosen.name)
    st.subheader(format.escape_markdown(heading), anchor=False)
    if rows.is_empty():
        st.caption(words.NONE_OF[part])
    else:
        display.table(rows, kin_tables.columns(), chosen.stem(part), f"Table: {heading}")
