"""Family: its generations, sizes and formats, most used models, derivatives, and who builds on it."""

from typing import Any

import polars as pl
import streamlit as st

from dashboards.data import format
from dashboards.figures import family as figures
from dashboards.figures.builders import BuildersScope
from dashboards.figures.family import FamilyScope
from dashboards.queries import family as queries
from dashboards.queries import shared
from dashboards.queries.builders import Built
from dashboards.text import family as words
from dashboards.text import overview
from dashboards.text import rulers as ruler_words
from dashboards.ui import builders, columns, controls, definition_bar, display, page, rulers, table_rows

MOST_MODELS = 100

store, build = page.current()


def show_generations(family: FamilyScope) -> None:
    """Downloads of each generation over time, and the most used models."""
    with st.container(horizontal=True, vertical_alignment="bottom", key="generation-controls"):
        ruler = rulers.choose(store, "family", family.family)
        if ruler == ruler_words.HUB:
            metrics = controls.known_first(words.METRICS, shared.known_metrics(store, family.definition.models))
            metric = controls.segments("Metric", "metric", metrics)
            view = controls.segments("View", "view", overview.VIEWS)
    if ruler != ruler_words.HUB:
        rulers.show(store, build, "family", family.family, family.name, ruler)
    elif family.generation_days(metric).is_empty():
        st.info(words.NONE_OF["generations"])
    else:
        display.figure(figures.generations(family, metric, view))
    models = queries.top_models(store, family.definition, family.family, MOST_MODELS)
    show_table(family, "models", table_rows.family_rows(models, family.origins))


def show_sizes(family: FamilyScope) -> None:
    """Downloads by size and by model type, GGUF separately."""
    show_bars(family, "sizes")
    show_bars(family, "layers")


def show_derivatives(family: FamilyScope) -> None:
    """New derivatives by month and relation."""
    least = int(controls.segments("Downloads of each", "threshold", words.THRESHOLDS))
    if family.derivative_months(least).is_empty():
        st.info(words.NONE_OF["derivatives"])
    else:
        display.figure(figures.derivatives(family, least))


def show_builders(family: FamilyScope) -> None:
    """Who builds on it: countries, formats and accounts."""
    built = Built("family", family.family, families[family.family]["lab_id"])
    builders.show(BuildersScope(store, build, family.definition, built, family.name))


def show_bars(family: FamilyScope, part: str) -> None:
    """A bar chart, or why there is none."""
    if family.bars(part).is_empty():
        st.info(words.NONE_OF[part])
    else:
        display.figure(figures.bars(family, part))


def show_table(family: FamilyScope, part: str, rows: pl.DataFrame, **changes: Any) -> None:
    """A table with its heading, or why there is none."""
    heading = words.TITLES[part].format(name=family.name)
    st.subheader(format.escape_markdown(heading), anchor=False)
    if rows.is_empty():
        st.caption(words.NONE_OF[part])
    else:
        display.table(rows, columns.of(rows, **changes), family.stem(part), f"Table: {heading}")


SECTIONS = {
    "generations": show_generations,
    "sizes": show_sizes,
    "derivatives": show_derivatives,
    "builders": show_builders,
}

definition, names, day = definition_bar.current(), shared.origin_names(store), shared.last_whole_day(store)
page.title("How is a family used, and who builds on it?")

families = queries.families(store, definition.models)
if not families:
    st.info("The registry has no family. Add one to families.toml, then run `tracker build`.")
    st.stop()
options = words.family_names(families)
with st.container(horizontal=True, vertical_alignment="bottom", key="controls"):
    code = controls.subject("Family", "family", options)
    section = controls.segments("Show", "show", words.SECTIONS)

layers = queries.members(store, definition, code, ("layer",))
share = queries.share(store, definition, code, day)
page.finding(words.headline(families[code], definition, layers, share, day, names))
if layers.is_empty():
    st.stop()
SECTIONS[section](FamilyScope(store, build, definition, code, families[code]["name"], day))
st.caption(format.escape_markdown(words.NOTE))
