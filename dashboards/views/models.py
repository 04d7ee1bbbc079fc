"""Models: the table of models, searched, filtered and sorted; a row leads to the model's own page."""

from dataclasses import replace
from datetime import date
from urllib.parse import parse_qs, urlencode

import streamlit as st

from dashboards.data import format, vocabulary
from dashboards.queries import models, shared
from dashboards.text import models as words
from dashboards.text import terms
from dashboards.ui import columns, controls, definition_bar, display, page, table_rows

LIMITS = ("100", "500", "2000")
ALWAYS_SHOWN = ("origin", "lab", "layer", "family", "size", "task")
PARAMETERS = ("q", *models.CHOICES, *models.FLAGS, *models.SPANS, "sort", "rows")
"""Query parameters that set the rows of the table and their order."""

FIRST_DAY = date(2022, 3, 1)

store, build = page.current()


def restore_filters() -> None:
    """Show the page with the filters that the reader had before leaving it for a model."""
    # Streamlit adds the new query to the browser's history under the old page's path, then changes the path. The
    # browser's Back therefore leads to this page with the model's query, which carries the filters as one parameter.
    carried = parse_qs(st.query_params.get("filters", ""))
    if chosen := {key: carried[key] for key in PARAMETERS if key in carried}:
        st.switch_page(page.of("models"), query_params=chosen)


def carried_filters() -> dict[str, str]:
    """The filters as one query parameter, for the URL of another page; empty without filters."""
    chosen = [(key, value) for key in PARAMETERS for value in st.query_params.get_all(key)]
    return {"filters": urlencode(chosen)} if chosen else {}


def show_filters() -> models.Filters:
    """Draw all filters and return the selection."""
    names = value_names()
    with st.container(horizontal=True, vertical_alignment="bottom", key="filters"):
        search = controls.search("Search by name", "q", "qwen3, org/name")
        choices = {key: show_choice(key, names) for key in ALWAYS_SHOWN}
        with st.popover("More filters", icon=":material/filter_list:", key="more-filters"):
            choices |= {key: show_choice(key, names) for key in models.CHOICES if key not in ALWAYS_SHOWN}
            flags = {key: controls.yes_no(*words.FLAGS[key]) for key in models.FLAGS}
            spans = [(key, *controls.date_range(words.SPANS[key], key, FIRST_DAY, build.last_day))
                     for key in models.SPANS]  # fmt: skip
    return models.Filters(
        search,
        definition_bar.current().models,
        tuple((key, values) for key, values in choices.items() if values),
        tuple((key, flag) for key, flag in flags.items() if flag is not None),
        tuple(span for span in spans if span[1:] != (None, None)),
    )


def show_choice(key: str, names: dict[str, dict[str, str]]) -> tuple[str, ...]:
    """Draw the filter of one attribute and return its selected values."""
    label, placeholder = words.CHOICES[key]
    return controls.multiselect(label, key, words.options(key, models.values(store, key), names), placeholder)


def value_names() -> dict[str, dict[str, str]]:
    """Attribute -> value -> name, for attributes whose values are codes."""
    codes = {*models.values(store, "origin"), *models.values(store, "root_origin")}
    origins = {code: terms.origin_name(code, shared.origin_names(store)) for code in codes}
    families = shared.family_names(store)
    return {
        "origin": origins, "root_origin": origins, "lab": shared.lab_names(store), "layer": vocabulary.layer_names(),
        "family": families, "root_family": families, "role": words.ROLES, "gated": words.GATED,
        "params_source": words.PARAMS_SOURCES,
    }  # fmt: skip


restore_filters()
page.title("Models")

filters = show_filters()
with st.container(horizontal=True, vertical_alignment="bottom", key="controls"):
    order = controls.dropdown("Sort by", "sort", {name: name for name in models.ORDERS})
    limit = controls.dropdown("Rows", "rows", {number: number for number in LIMITS})

total = models.models_count(store, filters)
if total == 0:
    st.info(words.none_matches(filters.task_class, models.models_count(store, replace(filters, task_class="all"))))
    st.stop()
rows = table_rows.model_rows(models.models(store, filters, order, int(limit)), shared.origin_names(store))

st.caption(format.escape_markdown(words.rows_shown(rows.height, total, order)))
display.table(
    rows, columns.of(rows, **columns.blank(rows)), f"models-{build.last_day}",
    "Table of models with publisher, downloads and likes", height=620,
    on_row=lambda row: page.open_model(rows["repo_id"][row], **carried_filters()),
)  # fmt: skip
st.caption(format.escape_markdown(words.NOTE))
