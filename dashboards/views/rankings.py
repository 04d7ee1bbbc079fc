"""Rankings: labs, families, models and accounts by downloads in a period, with changes of rank and downloads."""

import polars as pl
import streamlit as st

from dashboards.data import format, vocabulary
from dashboards.queries import rankings, shared
from dashboards.text import momentum, terms
from dashboards.text import rankings as words
from dashboards.ui import columns, controls, definition_bar, display, page, table_rows
from dashboards.ui.links import inside_link
from tracker.api.rankings import Filters, Subject

LIMITS = ("100", "500")

store, build = page.current()
page.title(words.TITLE)
definition_place = st.container()


def chosen_filters(lens: str) -> Filters:
    """Draw the filters of origin, size and format."""
    origins = terms.all_origin_names(shared.origin_names(store))
    sizes = {**momentum.SIZES, vocabulary.NOT_KNOWN: "unknown"}
    known = rankings.options(store, "size_bucket")
    return Filters(
        definition.models,
        () if set(definition.layers) == set(vocabulary.LAYERS) else definition.layers,
        controls.multiselect(
            "Origin", "origin", words.named(rankings.options(store, "origin"), origins), "All origins"
        ),
        controls.multiselect("Size", "size", {size: sizes[size] for size in sizes if size in known}, "All sizes"),
        controls.multiselect(
            words.FORMAT_LABEL,
            "format",
            words.named(rankings.options(store, "format"), words.FORMATS),
            "All formats and methods",
        ),
        lens,
    )


def show_table(subject: Subject, found: pl.DataFrame) -> None:
    """The table of ranks."""
    rows = table_rows.ranking_rows(found, shared.origin_names(store), has_hub=subject in ("model", "account"))
    name = words.column(subject)
    # On a phone the rank, the name, the share and the downloads are in view.
    link = inside_link(name, subject, width=240 if subject == "model" else 145)
    unknown = table_rows.unknown_changes(rows)
    rank = columns.RANK_AMONG_RISERS if order == "rise" else columns.COLUMNS["rank"]
    stem = format.file_stem("rankings", words.SUBJECTS[subject], str(build.last_day))
    display.table(
        rows, columns.of(rows, name=link, downloads="Downloads", rank=rank, **unknown), stem,
        f"Table of {words.SUBJECTS[subject].lower()} by rank, with changes", height=620, download=rows.drop("weeks"),
    )  # fmt: skip


with st.container(horizontal=True, vertical_alignment="bottom", key="controls"):
    subject = controls.segments("Rank", "rank", words.SUBJECTS)
    period = controls.segments("Period", "period", words.PERIODS)
    order = controls.segments("Order", "order", words.ORDERS, words.ORDER_MEANING)
    floor = controls.floor() if order == "rise" else 0
with definition_place:
    definition_bar.show(words.switches(subject))
definition = definition_bar.current()
with st.container(horizontal=True, vertical_alignment="bottom", key="filters"):
    filters = chosen_filters(words.lens(subject, definition.lens))
    most = int(controls.dropdown("Rows", "rows", {number: number for number in LIMITS}))

if not definition.layers:
    st.info("No model type is selected. Select at least one above.")
    st.stop()
known = rankings.days(store, definition.models)
if known is None or not known.knows(period):
    st.info(words.unknown(period, known, terms.NO_DAILY[shared.why_no_daily(store, definition.models)]))
    st.stop()
if order == "rise" and not known.knows_before(period):
    st.info(words.NO_CHANGES)
    st.stop()
found = rankings.ranking(store, subject, period, filters, order, floor, most)
if found.is_empty():
    st.info(words.NOTHING)
    st.stop()
span = words.period_name(period, known)
page.finding(words.headline(subject, order, found, span, definition.models, floor, filters.lens))
if not known.knows_before(period):
    st.caption(words.NO_CHANGES)
show_table(subject, found)
st.caption(format.escape_markdown(words.note(filters.lens, words.known_changes(found))))
if subject == "account":
    st.caption(words.ACCOUNTS)
