"""Who publishes on whose base: countries of publishers against countries of roots, by month."""

import streamlit as st

from dashboards import controls, format, metric_tables, page, palette, show, switches
from dashboards.charts import curves, looks
from dashboards.charts.figure import Figure
from dashboards.figures import cross_origin as figures
from dashboards.queries import cross_origin, shared
from dashboards.words import cross_origin as words
from dashboards.words import standing

MOST_ORIGINS, MOST_MODELS = 6, 100

store, build = page.current()
definition = switches.current()
st.title("Who builds on whose base?", anchor=False)

months = {f"{month:%Y-%m}": month for month in cross_origin.months(store)}
if not months:
    st.info(words.NO_MONTH)
    st.stop()
with st.container(horizontal=True, vertical_alignment="bottom", key="controls"):
    month = months[controls.pick("Month", "month", {code: words.month_name(day) for code, day in months.items()})]
    count = controls.one("Count", "count", words.COUNTS)
    shown = controls.one("Cells", "cells", words.CELLS)
if not definition.layers:
    st.info("No layer is chosen. Choose at least one.")
    st.stop()

names = shared.origin_names(store)
footnote = standing.footnote(build, shared.coverage(store))
cells = cross_origin.matrix(store, month, definition.layers, count, MOST_ORIGINS)
if cells["value"].drop_nulls().is_empty():
    st.info(words.nothing(cells, month, count))
else:
    rows, columns = words.both_names(cells, names)
    st.markdown(format.plain(words.headline(cells, month, count, {**rows, **columns})))
    show.figure(
        figures.figure(
            cells, month, cross_origin.last_day(store), definition, count, shown, names,
            name=page.file_stem("cross-origin", str(month)[:7], count, shown.replace("_", "-")), footnote=footnote,
        )
    )  # fmt: skip

own = tuple(code for code in palette.ORIGINS if code not in words.NO_COUNTRY)
shares = cross_origin.foreign_shares(store, definition.layers, count, own)
lines = looks.of_origins(words.foreign_names(shares, names))
if lines:
    show.figure(
        Figure(
            name=page.file_stem("foreign-bases", count, str(build.last_day)),
            chart=curves.curves(shares, lines, "month", "share"),
            title="How much of a country's models stands on foreign bases",
            subtitle=words.foreign_subtitle(definition, count),
            footnote=footnote,
            alt_text=curves.described(shares, lines, "month", "share"),
            data=words.foreign_data(shares, names),
        )
    )

st.subheader("The largest models with publisher and root in different countries", anchor=False)
mixed = cross_origin.mixed_models(store, definition.layers, MOST_MODELS)
if mixed.is_empty():
    st.info("No listed model of the chosen layers has publisher and root in different countries.")
else:
    show.table(
        metric_tables.mixed_rows(mixed, names), metric_tables.mixed_columns(), f"mixed-origin-models-{build.last_day}",
        "Table of the most downloaded models with publisher and root in different countries",
    )  # fmt: skip
st.caption(format.plain(words.CAVEAT))
