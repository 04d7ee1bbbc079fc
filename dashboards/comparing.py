"""The controls of the page that compares: those that have no meaning for what is chosen are not drawn."""

from datetime import date

from dashboards import controls
from dashboards.comparison import MOST, Comparison
from dashboards.queries import compare
from dashboards.store import Store
from dashboards.words import compare as words
from dashboards.words import terms

_FIRST_LINES = 5


def choose(store: Store, kind: str) -> tuple[tuple[str, ...], dict[str, str]]:
    """What is to be compared, and its names: the five largest at first."""
    default = compare.largest(store, kind, _FIRST_LINES)
    label = f"{words.KINDS[kind]}, up to {MOST}"
    if kind == "models":
        search = controls.search("Search models by name", "find", "for example qwen3 or org/name")
        names = (*compare.matches(store, search), *default)
        chosen = controls.up_to_named(label, kind, tuple(dict.fromkeys(names)), default, MOST)
        return chosen, {name: name for name in chosen}
    options = compare.choices(store, kind)
    return controls.up_to(label, kind, options, default, MOST), options


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
