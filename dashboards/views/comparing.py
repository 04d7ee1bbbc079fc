"""The controls of the page that compares, without those that mean nothing for what is chosen, and what it finds."""

from dataclasses import replace
from datetime import date

import polars as pl

from dashboards.charts import outcome
from dashboards.data.warehouse import Store
from dashboards.queries import compare, compare_choices
from dashboards.text import compare as words
from dashboards.text import compare_findings, terms
from dashboards.text.comparison import MOST, Comparison
from dashboards.ui import controls

_FIRST_LINES = 5


def choose(store: Store, kind: str, measure: str) -> tuple[tuple[str, ...], dict[str, str]]:
    """What is to be compared, and its names: at first the five largest, since release those known from release on."""
    default = _default(store, kind, measure)
    label = f"{words.KINDS[kind]}, up to {MOST}"
    if kind == "models":
        search = controls.search("Search models by name", "find", "for example qwen3 or org/name")
        names = (*compare_choices.matches(store, search), *default)
        chosen = controls.up_to_named(label, kind, tuple(dict.fromkeys(names)), default, MOST)
        return chosen, {name: name for name in chosen}
    options = compare_choices.choices(store, kind)
    return controls.up_to(label, kind, options, default, MOST), options


def _default(store: Store, kind: str, measure: str) -> tuple[str, ...]:
    """What is compared at first; a choice left as it was follows when the axis changes."""

    def largest() -> tuple[str, ...]:
        return compare_choices.largest(store, kind, _FIRST_LINES)

    def followed() -> tuple[str, ...]:
        found = compare_choices.recent_releases(store, kind, _FIRST_LINES)
        return found if len(found) > 1 else largest()

    can_be_aligned = Comparison(kind, (), measure).can_be_aligned
    is_aligned = can_be_aligned and controls.named("against") in ("release", words.AGAINST["release"])
    return controls.following(kind, "release" if is_aligned else "calendar", {"calendar": largest, "release": followed})


def drawn(kind: str, codes: tuple[str, ...], measure: str) -> Comparison:
    """How the lines are drawn."""
    scale = controls.one("Scale", "scale", words.SCALES, words.SCALE_MEANING)
    one = Comparison(kind, codes, measure, scale)
    if not one.can_be_aligned and not one.has_steps:
        return one
    against = controls.one("Axis", "against", words.AGAINST) if one.can_be_aligned else "calendar"
    every = controls.one("Step", "step", words.STEPS) if one.has_steps else "day"
    has_mean = one.is_flow and every == "day"
    smooth = controls.one("Daily values", "values", words.SMOOTHS) if has_mean else "mean"
    return Comparison(kind, codes, measure, scale, against, every, smooth)


def cut(store: Store, comparison: Comparison) -> Comparison:
    """The same on the days between two that a reader may choose on the calendar."""
    if comparison.axes.x != "day":
        return comparison
    since, until = controls.between("Days drawn", "days", compare.FIRST_MONTH, compare.span(store)[1])
    return replace(comparison, since=since, until=until)


def threshold(comparison: Comparison) -> int:
    """The least downloads of derivatives that count."""
    if comparison.measure != "derivatives":
        return 0
    return int(controls.one("Derivatives", "least", terms.THRESHOLDS))


def base(store: Store, comparison: Comparison) -> date | None:
    """The day on which an index stands at 100, if one is chosen."""
    if comparison.view != "index" or comparison.axes.x != "day":
        return None
    first, last = compare.span(store)
    return controls.day("Indexed at", "base", first, last, words.BASE_MEANING)


def event_kinds(store: Store, comparison: Comparison) -> tuple[str, ...]:
    """The kinds of event drawn on the calendar."""
    known = compare.event_kinds(store)
    if comparison.axes.x != "day" or not known:
        return ()
    options = {kind: words.EVENT_KINDS.get(kind, kind) for kind in known}
    return controls.several("Events", "events", options, words.EVENTS_SHOWN)


def said(
    store: Store,
    comparison: Comparison,
    frame: pl.DataFrame,
    names: dict[str, str],
    base: date | int | None,
    released: dict[str, date],
) -> list[str]:
    """What a comparison finds, in sentences: who is largest, or since release why that cannot be told."""
    axes, view = comparison.axes, comparison.view
    at = outcome.compared_at(frame, axes, view)
    first = compare_choices.first_reading(store)
    if at is None:
        followed = compare_choices.recent_releases(store, comparison.kind, _FIRST_LINES)
        known = compare_choices.names(store, comparison.kind, followed)
        return [compare_findings.no_common_age(comparison, first, [known[code] for code in followed])]
    sentences = [compare_findings.finding(comparison, frame.filter(pl.col(axes.x) == at), names, at, base)]
    late = [code for code in outcome.late(frame) if released[code] < first] if axes.x == "age" else []
    return sentences + ([compare_findings.late_lines([names[code] for code in late], first)] if late else [])
