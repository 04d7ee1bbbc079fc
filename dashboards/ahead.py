"""The parts of the overview, from the finding to the likes; each asks, words and shows one thing."""

from collections.abc import Mapping
from datetime import date

import polars as pl
import streamlit as st

from dashboards import controls, format, page, show, tables
from dashboards.figures import overview as figures
from dashboards.figures.overview import Asked
from dashboards.queries import ahead as queries
from dashboards.queries import shared
from dashboards.words import ahead as words
from dashboards.words import origins as origin_words
from dashboards.words import terms


def tell(asked: Asked, latest: pl.DataFrame, metric: str, day: date, names: Mapping[str, str]) -> None:
    """The finding, and the caveat that matters most."""
    store, definition = asked.store, asked.definition
    st.markdown(format.plain(origin_words.headline(latest, definition.lens, metric, day, names)))
    pair = origin_words.leaders(latest)
    if pair is None:
        return
    since = _since(asked, words.countries(pair))
    if since:
        st.markdown(format.plain(since))
    leads = queries.leads(store, definition, metric, asked.group, day, *pair)
    if leads and (caveat := words.caveat(leads.difference, leads.moved, leads.unknown, definition, pair, names)):
        st.markdown(f"**{format.plain(caveat)}**")
    page.show_link("robustness", "How the answer moves with each definition")


def show_days(asked: Asked, metric: str) -> None:
    """The chart of a metric by country or region over days; nothing if the metric is not known of any."""
    if not asked.days(metric).is_empty():
        show.figure(figures.by_day(asked, metric))


def show_crossovers(asked: Asked) -> None:
    """The table of who passed whom, or why there is none."""
    st.subheader("Who passed whom, and when", anchor=False)
    found = queries.crossovers(asked.store, asked.definition)
    if found.is_empty():
        known = asked.definition.crossover_layer is not None
        st.info(words.TOO_SHORT if known else words.NONE_COMPUTED)
        page.show_link("robustness", "How the answer moves with each definition")
        return
    names = {code: terms.origin_name(code, shared.origin_names(asked.store)) for code in (*found["a"], *found["b"])}
    rows = words.crossing_rows(found, queries.first_day(asked.store), names)
    show.table(rows, tables.crossover_columns(), f"crossovers-{asked.build.last_day}", "Table of crossovers")
    st.caption(format.plain(words.HOW_READ))


def show_derivatives(asked: Asked) -> None:
    """The chart of new derivatives by root, with its threshold."""
    least = int(controls.one("Derivatives counted", "least", terms.THRESHOLDS))
    if asked.months(least).is_empty():
        st.info("No new derivative of a whole month is known.")
    else:
        show.figure(figures.derivatives(asked, least))


def _since(asked: Asked, pair: tuple[str, str] | None) -> str:
    """Since when the country that is ahead is, and how sure that is."""
    store, definition = asked.store, asked.definition
    if pair is None:
        return ""
    names = {code: terms.origin_name(code, shared.origin_names(store)) for code in pair}
    leading = queries.flow_ahead(store, definition, *pair)
    crossed = queries.crossovers(store, definition)
    told = words.since(crossed, leading, pair, queries.first_day(store), names)
    if leading is None or set(pair) != {"CN", "US"}:
        return told
    return f"{told} {words.sure(queries.agreeing(store), leading, names)}".strip()
