"""The parts of the overview, from the finding to the likes; each asks, words and shows one thing."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

import polars as pl
import streamlit as st

from dashboards import controls, format, page, palette, show, tables
from dashboards.charts import series
from dashboards.charts.axes import Axes, View
from dashboards.definition import Definition
from dashboards.figures import origins as figures
from dashboards.queries import ahead as queries
from dashboards.queries import origins, shared
from dashboards.store import Build, Store
from dashboards.words import ahead as words
from dashboards.words import origins as origin_words
from dashboards.words import standing, terms


@dataclass(frozen=True, slots=True)
class Asked:
    """What every part of the page is asked for."""

    store: Store
    build: Build
    definition: Definition
    view: View
    group: str


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


def show_days(asked: Asked, days: pl.DataFrame, metric: str, names: Mapping[str, str]) -> None:
    """The chart of a metric by country or region over days; nothing if the metric is not known of any."""
    if days.is_empty():
        return
    lens = asked.definition.lens
    roots = words.roots_told(queries.roots_known(asked.store)) if lens == "root" else ""
    missing = series.missing_days(days)
    show.figure(
        figures.figure(
            days, asked.view, asked.group, _all_names(asked, days, names),
            name=page.file_stem("origins", lens, metric, asked.view, asked.group, str(series.day_range(days)[1])),
            title=origin_words.title(lens, metric, asked.view, asked.group),
            subtitle=origin_words.subtitle(asked.definition, metric, asked.view),
            footnote=standing.footnote(asked.build, shared.coverage(asked.store), lens, missing) + roots,
        )
    )  # fmt: skip


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
    own = palette.own_line(asked.group)
    months = origins.derivative_months(asked.store, least, asked.group, own, palette.MOST_LINES)
    if months.is_empty():
        st.info("No new derivative of a whole month is known.")
        return
    roots = words.roots_told(queries.roots_known(asked.store))
    show.figure(
        figures.figure(
            months, asked.view, asked.group, _all_names(asked, months, {}, "root"), Axes(step="month"),
            name=page.file_stem("derivatives", str(least), asked.view, asked.group, str(asked.build.last_day)),
            title=words.derivatives_title(asked.view, asked.group),
            subtitle=words.derivatives_subtitle(asked.view, asked.group, least),
            footnote=standing.footnote(asked.build, shared.coverage(asked.store), "root") + roots,
        )
    )  # fmt: skip


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


def _all_names(asked: Asked, days: pl.DataFrame, names: Mapping[str, str], lens: str | None = None) -> dict[str, str]:
    codes = (code for code in days["code"].unique() if code not in names)
    known = shared.origin_names(asked.store)
    return {**names, **origin_words.group_names(lens or asked.definition.lens, asked.group, known, codes)}
