"""Overview: who is ahead in open-weight AI, by country of the publisher or of the base model, over time."""

from dataclasses import replace

import streamlit as st

from dashboards.data import format, vocabulary
from dashboards.data.definition import ALL_SWITCHES, Definition
from dashboards.figures import findings, first_screen
from dashboards.figures import overview as figures
from dashboards.figures.overview import OverviewScope
from dashboards.queries import contributors, crossovers, shared
from dashboards.text import contributors as contributor_words
from dashboards.text import crossovers as crossover_words
from dashboards.text import first_screen as first_words
from dashboards.text import overview as words
from dashboards.text import terms
from dashboards.ui import columns, controls, definition_bar, display, page, table_rows, tiles

ROBUSTNESS_LINK = "How the answer changes with the definition"

store, build = page.current()


def show_first_screen(scope: OverviewScope, metric: str) -> None:
    """The finding, four tiles and the chart; on a phone two of the tiles come after the chart."""
    st.title(format.escape_markdown(first_screen.heading(scope, metric)), anchor=False)
    found = first_screen.tiles(scope, metric)
    for place, part in (("first-tiles", found[:2]), ("more-tiles", found[2:])):
        if part:
            with st.container(key=place):
                tiles.show(part)
    with st.container(key="first-chart"):
        show_days(scope, metric, with_title=False)


def show_caveats(scope: OverviewScope, metric: str) -> None:
    """What the heading leaves open, one line each, and the whole finding on demand."""
    for number, caveat in enumerate(first_screen.caveats(scope, metric)):
        with st.container(horizontal=True, vertical_alignment="center", gap="small", key=f"caveat-{number}"):
            st.markdown(format.escape_markdown(caveat.sentence), width="content")
            page.link(caveat.view, caveat.link)
    finding = findings.finding(scope, metric)
    if finding is not None:
        with st.expander("The finding in full"):
            show_finding(finding)
    page.link("reproduce", "Why is this not ATOM's number, or another published one?")


def show_finding(finding: findings.Finding) -> None:
    """All sentences of the finding, and the caveat that matters most."""
    for sentence in (
        finding.headline,
        finding.same_models,
        finding.dominance,
        finding.opposite,
        finding.contested,
        finding.since,
    ):
        if sentence:
            st.markdown(format.escape_markdown(sentence))
    if finding.caveat:
        sure = f" {format.escape_markdown(finding.robustness)}" if finding.robustness else ""
        st.markdown(f"**{format.escape_markdown(finding.caveat)}**{sure}")
    if finding.since or finding.caveat:
        page.link("robustness", ROBUSTNESS_LINK)


def show_days(scope: OverviewScope, metric: str, *, with_title: bool = True) -> None:
    """The chart of a metric by country or region over days; nothing if no day is known."""
    if not scope.days(metric).is_empty():
        display.figure(figures.by_day(scope, metric), with_title=with_title)


def show_contributors(scope: OverviewScope, metric: str) -> None:
    """The models that moved the shares most in 30 days, or that no earlier day can be compared."""
    st.subheader(contributor_words.TITLE, anchor=False)
    traced = metric if metric in contributors.METRICS else "downloads_30d"
    found = findings.latest(scope, traced)
    before = contributors.day_before(store, scope.definition, traced, found.day) if found else None
    if found is None or before is None:
        st.info(contributor_words.NO_EARLIER_DAY)
        return
    st.caption(format.escape_markdown(contributor_words.introduction(traced, before, found.day)))
    models = contributors.contributors(store, scope.definition, traced, scope.group, before, found.day)
    rows = table_rows.contributor_rows(models, scope.names(models["code"].unique()))
    display.table(
        rows,
        columns.of_contributors(rows),
        f"contributors-{found.day}",
        "Table of the models that moved the shares most",
    )


def show_crossovers(scope: OverviewScope) -> None:
    """The table of crossovers, or why there is none."""
    st.subheader("Crossovers: who passed whom, and when", anchor=False)
    rows = findings.crossover_rows(scope)
    if rows.is_empty():
        is_computed = scope.definition.crossover_layer is not None
        st.info(crossover_words.TOO_SHORT if is_computed else crossover_words.NONE_COMPUTED)
        page.link("robustness", ROBUSTNESS_LINK)
        return
    crossed, uncrossed = crossover_words.split(rows)
    st.markdown(
        format.escape_markdown(crossover_words.summary(rows, crossovers.days_known(store, scope.definition.models)))
    )
    if crossed.height:
        display.table(crossed, columns.of(crossed), f"crossovers-{build.last_day}", "Table of crossovers")
    if uncrossed.height:
        with st.expander(f"Pairs without a crossover ({uncrossed.height})"):
            name = f"no-crossovers-{build.last_day}"
            display.table(uncrossed, columns.of(uncrossed), name, "Table of pairs of countries without a crossover")
    st.caption(format.escape_markdown(crossover_words.HOW_READ))


def show_derivatives(scope: OverviewScope) -> None:
    """The chart of new derivatives by base model, with its threshold."""
    least = int(controls.segments("Derivatives", "least", terms.THRESHOLDS))
    if scope.months(least).is_empty():
        st.info("No new derivative is known for any whole month.")
    else:
        # Only the models counted matter; with the other defaults, the chart is drawn once.
        counted = Definition(models=scope.definition.models)
        display.figure(figures.derivatives(replace(scope, definition=counted), least))


def chosen_pair() -> tuple[str, str] | None:
    """The two countries that the headline compares; None if the same is chosen twice."""
    countries = {code: name for code, name in shared.origin_names(store).items() if code != "ZZ"}
    if len(countries) < 2:
        return None
    first, second = shared.headline_pair(store) or tuple(countries)[:2]
    with st.container(horizontal=True, width="content", vertical_alignment="bottom"):
        one = controls.dropdown("Compare", "first", controls.default_first(countries, first), controls.COUNTRY_WIDTH)
        other = controls.dropdown("with", "second", controls.default_first(countries, second), controls.COUNTRY_WIDTH)
    return (one, other) if one != other else None


def choose_scope() -> tuple[OverviewScope, str]:
    """Draw the controls: what is counted, the metric, how it is drawn, and the pair."""
    definition = definition_bar.current()
    metrics = controls.known_first(terms.METRIC_LABELS, shared.known_metrics(store, definition.models))
    with st.container(horizontal=True, vertical_alignment="bottom", key="controls"):
        metric = controls.segments("Metric", "metric", metrics)
        view = controls.segments("View", "view", words.VIEWS)
        group = controls.segments("Group by", "group", words.GROUPS)
        pair = chosen_pair()
    if metric == next(iter(metrics)) and (fallback := terms.unknown_default(terms.METRIC_LABELS, metric)):
        st.caption(fallback)
    return OverviewScope(store, build, definition, view, group, pair), metric


first_place = st.container(horizontal=True, key="first-screen")
definition_bar.show(ALL_SWITCHES)
scope, metric = choose_scope()
latest = findings.latest(scope, metric) if scope.definition.layers else None
with first_place:
    if latest:
        show_first_screen(scope, metric)
    else:
        st.title(first_words.QUESTION, anchor=False)
if not scope.definition.layers:
    st.info("No model type is selected. Select at least one above.")
    st.stop()
if latest is None:
    is_earlier = not scope.days(metric).is_empty()
    st.info(words.NOT_KNOWN_NOW if is_earlier else "No models match these filters. Change them above.")
    show_days(scope, metric)
    st.stop()
show_caveats(scope, metric)

st.subheader(f"All {'countries' if scope.group == 'country' else 'regions'} on the last day", anchor=False)
rows = words.table(latest.rows, latest.names)
share = columns.COLUMNS["share"] | {"label": f"Share of {vocabulary.METRIC_NAMES[metric]}", "width": 140}
labels = {"name": scope.group.capitalize(), "share": share}
display.table(
    rows,
    columns.of(rows, **labels, **columns.blank(rows)),
    f"all-origins-{latest.day}",
    "Table of all origins on the last day",
)
st.caption(format.escape_markdown(terms.METRIC_MEANINGS[metric]))

show_contributors(scope, metric)
show_crossovers(scope)
show_derivatives(scope)
if metric != "likes":
    show_days(scope, "likes")
