"""Lab: its use over time, releases, families, derivatives, who builds on it, and why it counts where it does."""

import streamlit as st

from dashboards.data import format
from dashboards.figures import lab as figures
from dashboards.figures.builders import BuildersScope
from dashboards.figures.lab import LabScope
from dashboards.queries import lab as queries
from dashboards.queries import shared
from dashboards.queries.builders import Built
from dashboards.text import family as family_words
from dashboards.text import lab as words
from dashboards.text import overview
from dashboards.text import rulers as ruler_words
from dashboards.ui import builders, columns, controls, definition_bar, display, page, rulers, table_rows

MOST_RELEASES = 200

store, build = page.current()


def show_use(scope: LabScope) -> None:
    """Share over time under both attributions, and the lab's families."""
    with st.container(horizontal=True, vertical_alignment="bottom", key="use-controls"):
        ruler = rulers.choose(store, "lab", scope.lab)
        if ruler == ruler_words.HUB:
            view = controls.segments("View", "view", overview.VIEWS)
            metric = controls.segments("Metric", "metric", family_words.METRICS)
    if ruler != ruler_words.HUB:
        rulers.show(store, build, "lab", scope.lab, scope.name, ruler)
    elif scope.days(metric).is_empty():
        st.info(words.NONE_OF["use"])
    else:
        display.figure(figures.use(scope, metric, view))
    st.subheader("Its families", anchor=False)
    found = queries.families(store, scope.lab, scope.definition.models)
    if found.is_empty():
        st.caption(words.NONE_OF["families"])
        return
    config = columns.of(found, credited_30d="30-day downloads, credited", models="Models built on it")
    display.table(found, config, scope.stem("families"), "Table of the lab's families with downloads")
    st.caption(words.NOTE)


def show_releases(scope: LabScope) -> None:
    """The lab's own models, the newest first."""
    found = queries.releases(store, scope.lab, scope.definition.models, MOST_RELEASES)
    if found.is_empty():
        st.info(words.NONE_OF["releases"])
        return
    total = int(found["releases"][0])
    shown = f"The newest {found.height} of {total:,}" if total > found.height else f"{total:,}"
    st.caption(f"{shown} originals, the newest first.")
    rows = table_rows.release_rows(found)
    display.table(
        rows,
        columns.of(rows),
        scope.stem("releases"),
        "Table of the lab's releases",
        height=520 if rows.height > 14 else None,
    )


def show_derivatives(scope: LabScope) -> None:
    """New derivatives by month and relation."""
    least = int(controls.segments("Downloads of each", "threshold", family_words.THRESHOLDS))
    if scope.months(least).is_empty():
        st.info(words.NONE_OF["derivatives"])
    else:
        display.figure(figures.derivatives(scope, least))


def show_builders(scope: LabScope) -> None:
    """Who builds on its models: countries, formats and accounts."""
    builders.show(BuildersScope(store, build, scope.definition, Built("lab", scope.lab, scope.lab), scope.name))


def show_evidence(scope: LabScope) -> None:
    """Where the lab counts and why, and its accounts."""
    st.markdown(format.escape_markdown(words.counted_because(labs[scope.lab], shared.origin_names(store))))
    accounts = queries.accounts(store, scope.lab)
    st.subheader("Its accounts", anchor=False)
    if accounts.is_empty():
        st.caption(words.NONE_OF["accounts"])
    else:
        rows = table_rows.organisation_rows(words.account_rows(accounts, shared.origin_names(store)))
        display.accounts(rows, scope.stem("accounts"), "Table of the lab's accounts")
    st.markdown(words.DISAGREE)
    page.link("organisations", "Who counts as Chinese?")


SECTIONS = {
    "use": show_use,
    "releases": show_releases,
    "derivatives": show_derivatives,
    "builders": show_builders,
    "evidence": show_evidence,
}

definition = definition_bar.current()
page.title("Lab")
labs = queries.labs(store, definition.models)
if not labs:
    st.info("The registry has no lab. Add one to labs.toml, then run `tracker build`.")
    st.stop()
options = {code: lab["name"] for code, lab in labs.items()}
with st.container(horizontal=True, vertical_alignment="bottom", key="controls"):
    code = controls.subject("Lab", "lab", options)
    section = controls.segments("Show", "show", words.SECTIONS)
page.title(format.escape_markdown(options[code]))

day = shared.last_whole_day(store)
scope = LabScope(store, build, definition, code, options[code])
latest = scope.days("downloads_30d").filter(scope.days("downloads_30d")["day"] == day)
shares = dict(latest.select("code", "share").iter_rows())
said = words.headline(labs[code], shares, format.day(day), definition.models, shared.origin_names(store))
page.finding(said)
SECTIONS[section](scope)
