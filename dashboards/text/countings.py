"""Under which other countings of the same day the other country leads: metrics, single layers, switches. Pure."""

from collections.abc import Mapping, Sequence
from datetime import date

from dashboards.data import format
from dashboards.data.vocabulary import METRIC_NAMES
from dashboards.text.terms import in_sentence

Leads = Mapping[str, float]
"""Metric or layer -> the lead of the first country over the second, below 0 where the second leads."""

_OF_LAYER = {
    "release": "releases alone",
    "derivative": "derivatives alone",
    "repackaged": "repackaged copies alone",
    "other": "the layer Other alone",
    "all": "all layers together",
}


def other_countings(
    metric: str, day: date, metrics: Leads, layers: Leads, turned: Sequence[str], pair: tuple[str, str],
    names: Mapping[str, str],
) -> str:  # fmt: skip
    """Where the second of a pair leads on a day though the first does by `metric`, or that it leads nowhere.

    Tried are all other `metrics` and, by `metric`, each of the `layers`; `turned` are the switches, in words,
    that turn the lead. Empty if nothing was tried.
    """
    ahead, behind = (in_sentence(names[code]) for code in pair)
    counted = METRIC_NAMES[metric]
    more = [METRIC_NAMES[other] for other, lead in metrics.items() if lead < 0]
    alone = [_OF_LAYER[layer] for layer, lead in layers.items() if lead < 0]
    had = [f"more {listed(more)}"] if more else []
    had += [f"more {counted} of {listed(alone)}"] if alone else []
    led = f"led in {counted} {listed(turned, 'or')}" if turned else ""
    if had or led:
        said = f"had {', as well as '.join(had)}{'; it also ' if led else ''}" if had else ""
        return f"Not every count has {ahead} ahead: on {format.day(day)} {behind} {said}{led}."
    tried = [f"more {listed([METRIC_NAMES[other] for other in metrics])}"] if metrics else []
    tried += [f"more {counted} of {listed([_OF_LAYER[layer] for layer in layers])}"] if layers else []
    if not tried:
        return ""
    return f"On {format.day(day)} {ahead} also had {', as well as '.join(tried)}, than {behind}."


def listed(words: Sequence[str], word: str = "and") -> str:
    """Words as a list in a sentence: "a", "a and b", "a, b and c"."""
    *most, last = words
    return f"{', '.join(most)} {word} {last}" if most else last
