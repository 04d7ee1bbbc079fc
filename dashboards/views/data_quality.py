"""Can the data be trusted: what was read, what was odd, how far estimates are off, which checks failed."""

import polars as pl
import streamlit as st

from dashboards.data import format
from dashboards.figures import data_quality as figures
from dashboards.queries import data_quality as queries
from dashboards.text import data_quality as words
from dashboards.text import terms
from dashboards.ui import controls, display, page
from dashboards.ui import evidence_tables as tables

MOST_ROWS = 500

store, build = page.current()


def days() -> None:
    """The calendar of one scope, and the crawls of all."""
    scopes = {scope: terms.SCOPES.get(scope, scope) for scope in queries.scopes(store)}
    if not scopes:
        st.info("No crawl has landed yet: nothing is known of what was read.")
        return
    scope = controls.pick("Scope", "scope", scopes)
    found = queries.coverage_days(store, scope)
    st.markdown(format.escape_markdown(words.coverage_headline(found, scope)))
    display.figure(figures.coverage(store, build, scope, scopes[scope]))
    st.caption(format.escape_markdown(words.STATES_MEANING))
    crawls = words.crawl_rows(queries.crawls(store, MOST_ROWS))
    st.subheader("Crawls", anchor=False)
    st.caption(format.escape_markdown(words.rows_shown(crawls.height, queries.crawls_count(store), "crawl")))
    display.table(crawls, tables.crawl_columns(), f"crawls-{build.last_day}", "Table of crawls", height=420)


def events() -> None:
    """What was odd, over time and one by one."""
    kinds = queries.event_kinds(store)
    if not kinds:
        st.info("Nothing odd was seen in what was read.")
        return
    display.figure(figures.events(store, build))
    chosen = controls.some_of("Kind of event", "kind", {kind: kind for kind in kinds}, "All kinds")
    found = queries.events(store, chosen, MOST_ROWS)
    st.caption(format.escape_markdown(words.rows_shown(found.height, words.event_total(kinds, chosen), "event")))
    name = f"events-{build.last_day}"
    display.table(tables.event_rows(found), tables.event_columns(), name, "Table of events", height=520, row_height=70)


def estimates() -> None:
    """How far the days before the first reading, and lineage, can be trusted."""
    found = queries.identity_deviations(store)
    if found.is_empty():
        st.info("30-day counts cannot be held against readings yet: that takes two days of them, 30 days apart.")
    else:
        st.markdown(format.escape_markdown(words.deviation_headline(found)))
        display.figure(figures.deviation(store, build))
    st.caption(format.escape_markdown(words.DEVIATION_MEANING))
    of = controls.one("Share of", "of_lineage", words.SHARES_OF)
    if queries.lineage_coverage(store, of)["share"].drop_nulls().is_empty():
        st.info("Nothing is known of the lineage of any day.")
        return
    st.markdown(format.escape_markdown(words.root_coverage(queries.roots_declared(store))))
    display.figure(figures.lineage(store, build, of))
    st.caption(format.escape_markdown(words.LINEAGE_MEANING))


def checks() -> None:
    """Claims that this build breaks."""
    found = queries.findings(store)
    st.caption(format.escape_markdown(words.CHECKS_MEANING))
    if found.is_empty():
        st.info(words.NO_FINDING)
        return
    display.table(found, tables.finding_columns(), f"checks-{build.last_day}", "Table of broken claims", row_height=70)


def verdict() -> str:
    """The parts of the page in a few sentences, of the scope that is read most widely."""
    scopes = queries.scopes(store)
    days_of = queries.coverage_days(store, scopes[0]) if scopes else pl.DataFrame(schema={"state": pl.String})
    events_of = sum(queries.event_kinds(store).values())
    return words.verdict(days_of, events_of, queries.identity_deviations(store), queries.findings(store).height)


st.title("Can the data be trusted?", anchor=False)
st.markdown(format.escape_markdown(verdict()))
part = controls.one("Show", "part", words.PARTS)
{"days": days, "events": events, "estimates": estimates, "checks": checks}[part]()
