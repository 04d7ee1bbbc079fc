"""Data quality: which days were read, data issues, deviations of estimates, and failed checks."""

import polars as pl
import streamlit as st

from dashboards.data import format
from dashboards.figures import data_quality as figures
from dashboards.queries import data_quality as queries
from dashboards.text import data_quality as words
from dashboards.ui import columns, controls, display, page, table_rows
from tracker.api.citation import SCOPES

MOST_ROWS = 500

store, build = page.current()


def show_days() -> None:
    """The calendar of one scope, and the crawls of all."""
    scopes = {scope: SCOPES.get(name, name) for scope, name in queries.scopes(store).items()}
    if not scopes:
        st.info("No crawl has finished yet. Run `tracker crawl`, then `tracker build`.")
        return
    scope = controls.dropdown("Scope", "scope", scopes)
    days = queries.coverage_days(store, scope)
    st.markdown(format.escape_markdown(words.coverage_headline(days, scopes[scope])))
    display.figure(figures.coverage(store, build, scope, scopes[scope]))
    st.caption(format.escape_markdown(words.STATES_MEANING))
    crawls = words.crawl_rows(queries.crawls(store, MOST_ROWS))
    st.subheader("Crawls", anchor=False)
    st.caption(format.escape_markdown(words.rows_shown(crawls.height, queries.crawls_count(store), "crawl")))
    display.table(crawls, columns.of(crawls), f"crawls-{build.last_day}", "Table of crawls", height=420)


def show_events() -> None:
    """Data issues over time and one by one."""
    kinds = queries.event_kinds(store)
    if not kinds:
        st.info("No data issues were found.")
        return
    display.figure(figures.events(store, build))
    chosen = controls.multiselect("Kind of issue", "kind", {kind: kind for kind in kinds}, "All kinds")
    found = queries.events(store, chosen, MOST_ROWS)
    st.caption(format.escape_markdown(words.rows_shown(found.height, words.event_total(kinds, chosen), "data issue")))
    rows = table_rows.event_rows(found)
    display.table(rows, columns.of(rows), f"events-{build.last_day}", "Table of data issues", height=520, row_height=70)


def show_estimates() -> None:
    """Deviations of estimates from readings, and the coverage of lineage."""
    deviations = queries.identity_deviations(store)
    if deviations.is_empty():
        st.info("30-day counts cannot be compared with readings yet. That needs two days read, 30 days apart.")
    else:
        st.markdown(format.escape_markdown(words.deviation_headline(deviations)))
        display.figure(figures.deviation(store, build))
    st.caption(format.escape_markdown(words.DEVIATION_MEANING))
    of = controls.segments("Share of", "of_lineage", words.SHARES_OF)
    if queries.lineage_coverage(store, of)["share"].drop_nulls().is_empty():
        st.info("The lineage is not known for any day.")
        return
    st.markdown(format.escape_markdown(words.root_coverage(queries.roots_declared(store))))
    display.figure(figures.lineage(store, build, of))
    st.caption(format.escape_markdown(words.LINEAGE_MEANING))


def show_checks() -> None:
    """The checks that failed in this build."""
    failed = queries.findings(store)
    st.caption(format.escape_markdown(words.CHECKS_MEANING))
    if failed.is_empty():
        st.info(words.NO_FINDING)
        return
    display.table(failed, columns.of(failed), f"checks-{build.last_day}", "Table of failed checks", row_height=70)


def summary() -> str:
    """All parts of the page in a few sentences, for the widest scope."""
    scopes = queries.scopes(store)
    days = queries.coverage_days(store, next(iter(scopes))) if scopes else pl.DataFrame(schema={"state": pl.String})
    events = sum(queries.event_kinds(store).values())
    return words.verdict(days, events, queries.identity_deviations(store), queries.findings(store).height)


PARTS = {"days": show_days, "events": show_events, "estimates": show_estimates, "checks": show_checks}

page.title("Can the data be trusted?")
page.finding(summary())
PARTS[controls.segments("Show", "part", words.PARTS)]()
