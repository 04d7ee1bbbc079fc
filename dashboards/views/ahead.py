"""The parts of the overview, from the finding to the likes; each asks, words and shows one thing."""

from dataclasses import replace

import streamlit as st

from dashboards.data import format
from dashboards.data.definition import Definition
from dashboards.figures import findings
from dashboards.figures import overview as figures
from dashboards.figures.overview import Asked
from dashboards.queries import crossovers
from dashboards.text import crossovers as words
from dashboards.text import terms
from dashboards.ui import controls, display, page, tables


def tell(found: findings.Finding) -> None:
    """The finding, and the caveat that matters most."""
    for said in (found.headline, found.otherwise, found.since):
        if said:
            st.markdown(format.escape_markdown(said))
    if found.caveat:
        caveat, sure = (format.escape_markdown(text) for text in (found.caveat, found.sure))
        st.markdown(f"**{caveat}** {sure}".strip())
    if found.since or found.caveat:
        page.show_link("robustness", "How the answer changes with the definition")


def show_days(asked: Asked, metric: str) -> None:
    """The chart of a metric by country or region over days; nothing if the metric is not known of any."""
    if not asked.days(metric).is_empty():
        display.figure(figures.by_day(asked, metric))


def show_crossovers(asked: Asked) -> None:
    """The table of who passed whom, or why there is none."""
    st.subheader("Who passed whom, and when", anchor=False)
    rows = findings.crossing_rows(asked)
    if rows.is_empty():
        known = asked.definition.crossover_layer is not None
        st.info(words.TOO_SHORT if known else words.NONE_COMPUTED)
        page.show_link("robustness", "How the answer changes with the definition")
        return
    crossed, standing = words.split(rows)
    st.markdown(format.escape_markdown(words.summary(rows, crossovers.days_known(asked.store))))
    if crossed.height:
        display.table(crossed, tables.crossover_columns(), f"crossovers-{asked.build.last_day}", "Table of crossovers")
    if standing.height:
        with st.expander(f"Pairs without a crossover ({standing.height})"):
            name = f"no-crossovers-{asked.build.last_day}"
            display.table(standing, tables.crossover_columns(), name, "Table of pairs of countries without a crossover")
    st.caption(format.escape_markdown(words.HOW_READ))


def show_derivatives(asked: Asked) -> None:
    """The chart of new derivatives by root, with its threshold."""
    least = int(controls.one("Derivatives counted", "least", terms.THRESHOLDS))
    if asked.months(least).is_empty():
        st.info("No new derivative of a whole month is known.")
    else:
        # The definition moves no derivative: their picture is the same under each, and drawn once.
        display.figure(figures.derivatives(replace(asked, definition=Definition()), least))
