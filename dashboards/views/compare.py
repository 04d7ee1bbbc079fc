"""Compare: up to eight origins, labs, families, generations or models in one chart."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from functools import partial

import polars as pl
import streamlit as st

from dashboards.charts import line_parts, periods
from dashboards.data import format
from dashboards.data.definition import Definition
from dashboards.figures import compare as figures
from dashboards.queries import compare, compare_choices, shared
from dashboards.text import compare as words
from dashboards.text import compare_findings, terms
from dashboards.text.comparison import METRICS, MOST, Comparison
from dashboards.ui import columns, controls, definition_bar, display, page

FIRST_LINES = 5
PRESET = "preset"
"""Parameter that names what an address leaves out: "families" or "origins"."""

store, build = page.current()


def opens_with_families() -> bool:
    """Whether the families people compare, by base model, are what an address leaves out.

    They are in an address without parameters. One with parameters but without that of the preset is of an earlier
    version, which left out origins and daily downloads. The first run leaves the address alone, so that Back leads to
    the page before; later ones complete it.
    """
    if PRESET in st.query_params:
        opens_with = st.query_params[PRESET]
    elif "compare" not in st.session_state:
        opens_with = "origins" if st.query_params else "families"
    else:
        opens_with = st.query_params[PRESET] = st.session_state["opens with"]
    st.session_state["opens with"] = opens_with
    return opens_with == "families"


def known_measures() -> set[str]:
    """The measures that are known in the data, for the models counted or for single models."""
    known = shared.known_metrics(store, definition_bar.current().models)
    return {measure for measure, metric in METRICS.items() if metric in known}


def choose_lines(kind: str, measure: str) -> tuple[tuple[str, ...], dict[str, str]]:
    """The codes chosen, and code -> name of all options."""
    default = default_lines(kind, measure)
    label = f"{words.KINDS[kind]}, up to {MOST}"
    if kind == "models":
        search = controls.search("Search models by name", "find", "for example qwen3 or org/name")
        names = dict.fromkeys((*compare_choices.matches(store, search), *default))
        chosen = controls.limited_names(label, kind, tuple(names), default, MOST)
        return chosen, {name: name for name in chosen}
    options = compare_choices.choices(store, kind)
    return controls.limited_multiselect(label, kind, options, default, MOST), options


def default_lines(kind: str, measure: str) -> tuple[str, ...]:
    """The five largest, or the families people compare; on the axis of ages the five largest known from their release
    on, if there are two.
    """

    def largest() -> tuple[str, ...]:
        if kind == "families" and is_of_families:
            return compare_choices.chosen_families(store)
        return compare_choices.largest(store, kind, FIRST_LINES)

    def known_from_release() -> tuple[str, ...]:
        found = compare_choices.recent_releases(store, kind, FIRST_LINES)
        return found if len(found) > 1 else largest()

    by_age = Comparison(kind, (), measure).can_be_aligned and controls.requested("against") in (
        "release", words.AGAINST["release"],
    )  # fmt: skip
    defaults = {"calendar": largest, "release": known_from_release}
    return controls.following_default(kind, "release" if by_age else "calendar", defaults)


def choose_axes(kind: str, codes: tuple[str, ...], measure: str) -> Comparison:
    """Draw the controls of scale, axis and interval that apply."""
    scale = controls.segments("Scale", "scale", words.SCALES, words.SCALE_MEANING)
    first = Comparison(kind, codes, measure, scale)
    if not first.can_be_aligned and not first.has_steps:
        return with_range(first)
    against = controls.segments("Axis", "against", words.AGAINST) if first.can_be_aligned else "calendar"
    interval = controls.segments("Interval", "step", words.STEPS) if first.has_steps else "day"
    has_mean = first.is_flow and interval == "day"
    smooth = controls.segments("Daily values", "values", words.SMOOTHS) if has_mean else "mean"
    if first.can_add_up:
        smooth = controls.segments("Counters", "counters", words.COUNTERS, words.COUNTERS_MEANING)
    return with_range(Comparison(kind, codes, measure, scale, against, interval, smooth))


def with_range(comparison: Comparison) -> Comparison:
    """The comparison on the range of dates chosen; there is none to choose on the axis of ages."""
    if comparison.axes.x != "day":
        return comparison
    since, until = controls.date_range("Date range", "days", compare.FIRST_MONTH, compare.span(store)[1])
    return replace(comparison, since=since, until=until)


def choose_threshold(comparison: Comparison) -> int:
    """The downloads a derivative needs to count."""
    if comparison.measure != "derivatives":
        return 0
    return int(controls.segments("Derivatives", "least", terms.THRESHOLDS))


def choose_base(comparison: Comparison) -> date | None:
    """The day on which an index is 100, if one is chosen."""
    if comparison.view != "index" or comparison.axes.x != "day":
        return None
    first, last = compare.span(store)
    return controls.day("Index base", "base", first, last, words.BASE_MEANING)


def choose_events(comparison: Comparison) -> tuple[str, ...]:
    """The kinds of event to mark; there are none on the axis of ages."""
    known = compare.event_kinds(store)
    if comparison.axes.x != "day" or not known:
        return ()
    options = {kind: words.EVENT_KINDS.get(kind, kind) for kind in known}
    return controls.pills("Events", "events", options, words.EVENTS_SHOWN)


def show_range(comparison: Comparison, definition: Definition, least: int, base: date | None) -> None:
    """The slider under the chart, over all days that are known for the lines."""
    whole, _ = compare.lines(store, replace(comparison, since=None, until=None), definition, least, base)
    known = whole.filter(pl.col(comparison.view).is_not_null())
    if comparison.axes.x == "day" and known["day"].n_unique() > 2:
        controls.range_slider("Date range of the chart", "days", *line_parts.day_range(known))


def findings(
    comparison: Comparison,
    frame: pl.DataFrame,
    names: dict[str, str],
    base: date | int | None,
    released: dict[str, date],
) -> list[str]:
    """Sentences above the chart: which line is largest, or why lines of different ages cannot be compared."""
    at = periods.comparison_step(frame, comparison.axes, comparison.view)
    first = compare_choices.first_reading(store)
    if at is None:
        known = compare_choices.recent_releases(store, comparison.kind, FIRST_LINES)
        known_names = compare_choices.names(store, comparison.kind, known)
        return [compare_findings.no_common_age(comparison, first, [known_names[code] for code in known])]
    last = frame.filter(pl.col(comparison.axes.x) == at)
    sentences = [compare_findings.finding(comparison, last, names, at, base)]
    if comparison.axes.x == "age":
        late = [code for code in periods.late_lines(frame) if released[code] < first]
        sentences += [compare_findings.late_lines([names[code] for code in late], first)] if late else []
    return sentences


def show_presets() -> None:
    """Buttons that choose comparisons people often look for, each in one click."""
    has_days = "daily" in known_measures()
    usual = "daily" if has_days else "30d"
    by_base = {"measure": "root"} if has_days else {"measure": "30d", "lens": "root"}
    presets: dict[str, tuple[dict[str, str], Callable[[], tuple[str, ...]]]] = {
        words.FAMILIES: ({"compare": "families", **by_base}, partial(compare_choices.chosen_families, store))
    }
    origins, pair = shared.origin_names(store), shared.headline_pair(store)
    if pair:
        presets[words.pair_preset(*(origins[code] for code in pair))] = ({"compare": "origins"}, lambda: pair)
        for code in pair:
            labs = partial(compare_choices.labs_of, store, code)
            presets[words.labs_preset(origins[code])] = ({"compare": "labs"}, labs)
    recent = partial(compare_choices.recent_releases, store, "generations", MOST)
    presets[words.RECENT] = ({"compare": "generations", "against": "release"}, recent)
    with st.container(horizontal=True, gap="small", key="presets"):
        for label, (state, lines) in presets.items():
            chosen = {"measure": usual, "scale": "linear", "against": "calendar", **state}
            shown, key = format.escape_markdown(label), f"preset-{label}"
            st.button(shown, key=key, type="tertiary", on_click=choose_preset, args=(chosen, lines))


def choose_preset(state: dict[str, str], lines: Callable[[], tuple[str, ...]]) -> None:
    """Set the controls; without any lines, the page chooses its own.

    Lines of a new control are put into the address here, because Streamlit leaves them out.
    """
    kind, codes = state["compare"], lines()
    is_drawn = st.session_state.get("compare") == kind
    st.session_state.update(state)
    if codes:
        st.session_state[kind] = list(codes)
    if codes and not is_drawn:
        names = compare_choices.names(store, kind, codes)
        st.query_params[kind] = [names[code] for code in codes]


def take_kind_of_address() -> None:
    """Compare what an address names, such as families, if it does not say what is compared."""
    named = next((kind for kind in words.KINDS if kind in st.query_params), None)
    if named and "compare" not in st.session_state and "compare" not in st.query_params:
        st.session_state["compare"] = named


def choose_measure() -> tuple[str, str]:
    """The kind of entity and the measure; the first option of each is what the page opens with."""
    take_kind_of_address()
    known, kinds, measures = known_measures(), words.KINDS, words.MEASURES
    if is_of_families:
        kinds, measures = controls.default_first(kinds, "families"), controls.default_first(measures, "root")
    measures = controls.known_first(measures, known)
    with st.container(horizontal=True, vertical_alignment="bottom", key="controls"):
        kind = controls.segments("Compare", "compare", kinds)
        measure = controls.dropdown("Measure", "measure", measures)
    usual = next(iter(measures))
    if measure == usual and "daily" not in known and (fallback := terms.unknown_default(words.MEASURES, measure)):
        fallback_place.caption(fallback)
    return kind, measure


is_of_families = opens_with_families()
if "compare" not in st.session_state and is_of_families and "daily" not in known_measures():
    st.session_state.setdefault("lens", "root")
with st.container(key="answer"):
    st.title("How do they compare?", anchor=False)
    headline = st.container(key="finding")
    show_presets()
chart_place, definition_place, fallback_place = st.container(), st.container(), st.container()
kind, measure = choose_measure()
with definition_place:
    definition_bar.show(Comparison(kind, (), measure).moved_by)
codes, names = choose_lines(kind, measure)
with st.container(horizontal=True, vertical_alignment="bottom", key="axes"):
    comparison = choose_axes(kind, codes, measure)
    least = choose_threshold(comparison)
    base = choose_base(comparison)
    events = choose_events(comparison)

definition = comparison.counted_by(definition_bar.current())
if not definition.layers and "layers" in comparison.moved_by:
    chart_place.info("No model type is selected. Select at least one below.")
    st.stop()
if not codes:
    chart_place.info("No line is selected. Select up to eight to compare.")
    st.stop()
built = compare_choices.non_roots(store, codes) if comparison.is_of_roots else ()
released = compare_choices.releases(store, kind, codes) if comparison.axes.x == "age" else {}
frame, base_found = compare.lines(store, comparison, definition, least, base)
if frame[comparison.view].count() == 0:
    chart_place.info(words.no_lines(comparison))
    st.stop()
with headline:
    for sentence in findings(comparison, frame, names, base_found, released):
        st.markdown(format.escape_markdown(sentence))
is_broken = "segment" in frame.columns and frame["segment"].n_unique() > 1
with chart_place:
    display.figure(
        figures.compared(store, build, comparison, definition, least, base, events),
        subtitle_below=True,
        under_chart=partial(show_range, comparison, definition, least, base),
    )
    st.caption(format.escape_markdown(words.notes(comparison, frame["code"], names, released, built, is_broken)))
first_read = compare.first_read(store, definition, kind, codes, comparison)

st.subheader("All lines as a table", anchor=False)
rows = compare_findings.table(periods.summary(frame, comparison.axes, comparison.view), comparison, names, first_read)
display.table(
    rows, columns.of_comparison(rows, comparison), format.file_stem("compared", kind, measure, str(build.last_day)),
    "Table of all lines: last value, change and peak",
)  # fmt: skip
