"""Momentum: the fastest rising models of a size, and new releases compared at the same age with its leaders."""

from datetime import timedelta

import streamlit as st

from dashboards.charts.colours import MOST_LINES
from dashboards.data import format
from dashboards.figures import momentum as figures
from dashboards.queries import momentum, rankings, shared
from dashboards.text import momentum as words
from dashboards.text import rankings as ranking_words
from dashboards.ui import columns, controls, definition_bar, display, page, table_rows
from dashboards.ui.links import inside_link
from tracker.api.rankings import Filters

RECENT_DAYS, YEAR_DAYS, MOST_ROWS, MOST_RISING = 90, 365, 100, 20

store, build = page.current()
models = definition_bar.current().models
page.title("Which new releases are rising?")


def show_rising(size: str) -> None:
    """The models of a size that rise fastest, all over the same 30 days."""
    floor = controls.floor(ranking_words.ORDER_MEANING)
    known = rankings.days(store, models)
    st.subheader(f"Fastest rising, {words.size_name(size)}", anchor=False)
    if known is None or not known.knows_before("30d"):
        st.info(ranking_words.NO_CHANGES if known else ranking_words.unknown("30d", known))
        return
    found = rankings.ranking(store, "model", "30d", Filters(models, sizes=(size,)), "rise", floor, MOST_RISING)
    if found.is_empty():
        st.info(ranking_words.NOTHING)
        return
    span = ranking_words.period_name("30d", known)
    said = ranking_words.headline("model", "rise", found, span, models, floor)
    st.markdown(format.escape_markdown(said))
    first = ("change_30d", "name", "change_30d_percent")
    rows = table_rows.ranking_rows(found, shared.origin_names(store), has_hub=True, first=first)
    config = columns.of(
        rows,
        **table_rows.unknown_changes(rows),
        name=inside_link("Model", "model", width=290),
        downloads="30-day downloads",
        rank=columns.RANK_AMONG_RISERS,
        share="Share of size",
    )
    stem = format.file_stem("rising", size, str(build.last_day))
    display.table(rows, config, stem, "Table of the fastest rising models", download=rows.drop("weeks"))


def show_adoption(size: str) -> None:
    """The chart of relative adoption of releases of a size."""
    st.markdown(format.escape_markdown(words.explained(momentum.baseline(store))))
    with st.container(horizontal=True, vertical_alignment="bottom", key="ram-controls"):
        ram = controls.segments("Measured against", "ram", words.RAMS, words.RAM_MEANING)
        since = build.last_day - timedelta(days=YEAR_DAYS)
        options = words.names(momentum.releases(store, models, size, ram, since))
        chosen = controls.multiselect("Releases", "release", options, "The highest of the last year")
    if figures.lines(store, models, size, ram, since, chosen).is_empty():
        st.info(words.NONE_OF_TENTH if ram == "ram_tenth" else words.NONE_OF_SIZE)
    else:
        display.figure(figures.relative_adoption(store, build, models, size, ram, since, chosen))
        if len(chosen) > MOST_LINES:
            st.caption(f"{len(chosen)} releases are selected; the {MOST_LINES} with the highest RAM are drawn.")
    show_new(ram)


def show_new(ram: words.Ram) -> None:
    """The table of recent releases of all sizes."""
    rising = momentum.rising(store, models, ram, build.last_day - timedelta(days=RECENT_DAYS), MOST_ROWS)
    st.subheader(f"Releases of the last {RECENT_DAYS} days, all sizes", anchor=False)
    st.markdown(format.escape_markdown(words.headline(rising, ram, RECENT_DAYS)))
    if rising.is_empty():
        st.info(f"No release of the last {RECENT_DAYS} days has a known RAM.")
    else:
        rows = table_rows.momentum_rows(rising, shared.origin_names(store))
        display.table(
            rows, columns.of(rows, downloads_all_time="Downloads at that age"),
            f"momentum-of-new-releases-{build.last_day}",
            "Table of new releases with their latest RAM by both definitions",
        )  # fmt: skip
    st.caption(format.escape_markdown(words.NOTE))


sizes = words.sizes(momentum.measured(store, models))
with st.container(horizontal=True, vertical_alignment="bottom", key="controls"):
    size = controls.dropdown("Size", "size", {**sizes, **words.SIZES})
show_rising(size)
st.subheader("New releases at the same age", anchor=False)
if sizes:
    show_adoption(size)
else:
    st.info(words.NOTHING)
