"""The way from our default to a published figure: what each step changes, its effect, and what is left. Pure."""

import textwrap
from collections.abc import Mapping
from datetime import date
from typing import Any

import polars as pl

from dashboards.data import format
from dashboards.data.bridge import DERIVED, NO_COUNTERS, NO_LIST, NOT_READ, NOTHING_COUNTED, Bridge, Counted, Step
from dashboards.data.vocabulary import universe_name
from dashboards.text.terms import in_sentence

NOTHING = "No day of a series was read yet, so there is nothing to compare. Run `tracker crawl`, then `tracker build`."
OF_LABS = "Only models of registered organisations are read, so our shares are of those."
LAYER_NAMES = {DERIVED: "derivatives and copies"}
"""Subject of a bridge by layer -> its name."""

_WIDTH = 22
"""Characters in a line of the labels left of the chart, so that it fits on a phone."""

_LABELS = {
    "all_models": "Models of all kinds",
    "text_tags": "Models tagged text or vision-language",
    "base_model": "Counted by base model",
    "originals": "Only labs' own models and copies",
    "own_copies": "Labs' copies of their own models too",
    "gguf": "Only GGUF repositories",
    "downloads_all_time": "All-time downloads",
    "list": "Only models on their list",
}
_MEANINGS = {
    "all_models": "Every model counts, not only language models.",
    "text_tags": "The task on the Hub decides, not our class: models without a task are left out.",
    "base_model": "Downloads count for the maker of the base model, not for the publisher.",
    "originals": "What labs made, with their own quantized copies. Other people's copies and fine-tunes are left out.",
    "own_copies": "Labs' quantized copies of their own models are copies too, as in the list of published figures.",
    "gguf": "Other formats are left out.",
    "downloads_all_time": "Downloads since each repository was created, not those of the last 30 days.",
    "period": "Daily downloads are added up, not those of the last 30 days.",
    "list": "The list decides which models count, of whatever kind.",
    "published_day": "The last reading in the published time, not our last one.",
}

ENDS, STEP, UNKNOWN, REST = "end", "step", "unknown", "rest"
"""Kinds of rows."""


def rows(bridge: Bridge) -> pl.DataFrame:
    """The bridge from top to bottom: name (wrapped), kind, step, before, after (0 to 1), text, short, level, note.

    `before` and `after` are the shares between which a row moves. An unknown step moves nothing; its effect is not 0.
    """
    ours = f"Ours: {universe_name(bridge.ours.counted.models)}, 30 days"
    found = [_row(ENDS, ours, bridge.ours.share, bridge.ours.share, _counted(bridge))]
    level = bridge.ours.share
    for step in bridge.steps:
        if step.share is None:
            found.append(_row(UNKNOWN, _label(step, bridge), level, level, _why(step, bridge)))
            continue
        found.append(_row(STEP, _label(step, bridge), level, step.share, _note(step, bridge)))
        level = step.share
    found.append(_row(REST, "Not explained here", level, bridge.theirs, rest(bridge)))
    theirs = f"Theirs: {bridge.published['source']}"
    found.append(_row(ENDS, theirs, bridge.theirs, bridge.theirs, published(bridge)))
    return pl.DataFrame(found, schema=_COLUMNS)


def title(bridge: Bridge, names: Mapping[str, str], *, is_simulated: bool) -> str:
    """The two shares in one sentence."""
    name = _name(bridge.published, names)
    whose = f"Share of {in_sentence(name)}" if _is_by_layer(bridge) else f"{name}'s share"
    return (
        f"{whose}: {format.percent(bridge.theirs)} published "
        f"({bridge.published['source']}), {format.percent(bridge.ours.share)} by our default"
        + (" in simulated data" if is_simulated else "")
    )


def both_shares(bridge: Bridge, names: Mapping[str, str]) -> str:
    """How the shares of the chart follow from our first screen and from the figures as published."""
    name, published, other = _name(bridge.published, names), bridge.published, bridge.other
    models = universe_name(bridge.ours.counted.models)
    share, other_share = (format.percent(value) for value in bridge.ours.of_all or (None, None))
    verb = "have" if _is_by_layer(bridge) else "has"
    ours = f"By our default {in_sentence(name)} {verb} {share} of all downloads of {models}"
    theirs = f"{published['source']}, {published['period']}: {published['as_published']}"
    if other is None:
        return f"{ours}. {theirs}."
    ours += f" and {in_sentence(_name(other, names))} {other_share}"
    return (
        f"{ours}: {format.percent(bridge.ours.share)} of both together. "
        f"{theirs} and {other['as_published']}: {format.percent(bridge.theirs)} of both together."
    )


def subtitle(bridge: Bridge, names: Mapping[str, str], *, is_of_labs: bool) -> str:
    """What the shares are of, and how to read the chart."""
    subject = in_sentence(_name(bridge.published, names))
    of = f"Share of {subject} in all downloads counted."
    if bridge.other is not None:
        other = in_sentence(_name(bridge.other, names))
        of = f"Share of {subject} in the downloads of {subject} and {other} together. Dashed: half each."
    days = f"Ours: the 30 days to {format.day(bridge.ours.counted.day)}; theirs: {bridge.published['period']}."
    how = "Each bar changes one thing and keeps the changes above it."
    return " ".join([of, days, how, *([OF_LABS] if is_of_labs else [])])


def alt_text(found: pl.DataFrame) -> str:
    """Alternative text of the chart: its rows in order."""
    listed = [f"{row['step']} {row['text']}" for row in found.to_dicts()]
    return f"Steps from our share to the published one: {'; '.join(listed)}."


def same_on_both_sides(bridge: Bridge) -> str:
    """The parts of the definition that no step changes; empty if there is none."""
    changed = {step.code for step in bridge.steps}
    parts = {
        "by publisher": {"base_model"},
        universe_name(bridge.ours.counted.models): {"all_models", "text_tags"},
        "downloads of 30 days": {"downloads_all_time", "period"},
    }
    if _is_by_layer(bridge):
        del parts["by publisher"]
    same = [part for part, changes in parts.items() if not changes & changed]
    return f"Same on both sides: {', '.join(same)}." if same else ""


def rest(bridge: Bridge) -> str:
    """What is left between the last known step and the published figure, and what it consists of."""
    last = bridge.last
    left = [in_words for step in bridge.steps if step.share is None and (in_words := _LEFT.get(step.code))]
    if not _is_of_published_time(last.counted, bridge):
        left.append(f"another time (ours {_time(last.counted)}, theirs {bridge.published['period']})")
    left.append("their readings of the counters")
    left.append(_ASSIGNED.get(bridge.counted_by, "how they assign models"))
    return f"What is left: {format.joined(list(dict.fromkeys(left)))}."


def table(found: pl.DataFrame) -> pl.DataFrame:
    """The rows as a table: step, effect in points, share after it, and what it is."""
    moved = pl.when(pl.col("kind") != ENDS).then("effect").alias("moved")
    return found.select("step", moved, share_after="level", explanation="note")


def data(found: pl.DataFrame) -> pl.DataFrame:
    """The rows for download: step, kind, share (0 to 1) after it, effect on it, and what it is. Unknown is null."""
    moves = pl.col("kind").is_in([STEP, REST])
    return found.select(
        "step",
        "kind",
        pl.when(pl.col("kind") != UNKNOWN).then("after").alias("share"),
        pl.when(moves).then(pl.col("after") - pl.col("before")).alias("effect"),
        "note",
    )


_LEFT = {
    "all_models": "models of other kinds",
    "text_tags": "another class of models",
    "base_model": "counting by base model",
    "originals": "other people's copies",
    "own_copies": "labs' copies of their own models",
    "gguf": "the format",
    "downloads_all_time": "all-time downloads",
    "period": "the longer time",
    "list": "their list of models",
}
"""What an unknown step leaves unexplained."""

_ASSIGNED = {
    "country": "how they assign models and countries",
    "layer": "how they tell derivatives and copies from originals",
}
"""What the subjects are -> what is left at any rate."""

_COLUMNS = {
    **dict.fromkeys(("name", "kind", "step"), pl.String),
    **dict.fromkeys(("before", "after"), pl.Float64),
    **dict.fromkeys(("text", "short", "effect", "level", "note"), pl.String),
}


def _row(kind: str, label: str, before: float | None, after: float | None, note: str) -> dict[str, str | float | None]:
    level, effect = format.percent(after), format.UNKNOWN
    if kind in (STEP, REST) and before is not None and after is not None:
        effect = format.points(after - before)
    short = level if kind == ENDS else effect.removesuffix(" points")
    text = f"{short} → {level}" if kind == STEP else short if kind == ENDS else effect
    return {
        "name": "\n".join(textwrap.wrap(label, _WIDTH)), "kind": kind, "step": label, "before": before, "after": after,
        "text": text, "short": short, "effect": effect,
        "level": format.UNKNOWN if kind == UNKNOWN else level, "note": note,
    }  # fmt: skip


def _label(step: Step, bridge: Bridge) -> str:
    period = bridge.published["period"]
    if step.code == "published_day":
        return f"A day of {period}"
    if step.code != "period":
        return _LABELS[step.code]
    since, until = step.counted.since, step.counted.until
    if since is None or until is None or _is_of_published_time(step.counted, bridge):
        return f"Downloads of {period}"
    return f"Downloads of {format.count((until - since).days + 1, 'day')}"


def _counted(bridge: Bridge) -> str:
    models = universe_name(bridge.ours.counted.models)
    how = "labs' own copies are originals" if _is_by_layer(bridge) else "by publisher"
    return f"Downloads of {models} in the 30 days to {format.day(bridge.ours.counted.day)}, {how}."


def published(bridge: Bridge) -> str:
    """The figure as published, with its scope, definition and source."""
    published, other = bridge.published, bridge.other
    printed = f"{published['as_published']} and {other['as_published']}" if other else published["as_published"]
    counted = f"{published['scope']}. {published['definition']}"
    return f"{printed}, {published['period']}: {counted}. {published['reference']}."


def _note(step: Step, bridge: Bridge) -> str:
    """What a known step changes, with what a reader must know about its numbers."""
    parts = [_MEANINGS[step.code]]
    counted = step.counted
    if step.code == "list":
        names = f"{step.models:,} of the {len(counted.names or ()):,} names"
        parts.append(f"{names} were read on {format.day(counted.day)}.")
    elif step.code in ("published_day", "period"):
        parts.append(f"Here: {_time(counted)}.")
    if step.code == "period" and not _is_of_published_time(counted, bridge):
        parts.append("The published time is not covered; these are the last days of the same number.")
    if step.without_counter:
        parts.append(f"{format.count(step.without_counter, 'model')} without a known counter left out.")
    return " ".join(parts)


def _why(step: Step, bridge: Bridge) -> str:
    """Why a step is unknown, and what it would need."""
    reasons = {
        NO_LIST: "It needs their list of models, which can be loaded on the page Published figures.",
        NOT_READ: f"No listing as wide as ours was read in the published time, {bridge.published['period']}.",
        NO_COUNTERS: "Most of these models have no such counter in these readings.",
        NOTHING_COUNTED: "No model that it counts was read.",
    }
    because = reasons.get(step.because or "", step.because or "")
    return because if because.endswith(".") else f"{because}."


def _time(counted: Counted) -> str:
    if counted.since is None or counted.until is None:
        return format.day(counted.day)
    return f"{format.day(counted.since)} – {format.day(counted.until)}"


def _is_of_published_time(counted: Counted, bridge: Bridge) -> bool:
    since, until = bridge.published["since"], bridge.published["until"]
    first: date = counted.since or counted.day
    last: date = counted.until or counted.day
    return bool(since <= first and last <= until)


def _is_by_layer(bridge: Bridge) -> bool:
    return bridge.counted_by == "layer"


def _name(figure: Mapping[str, Any], names: Mapping[str, str]) -> str:
    """The name of the subject of a figure."""
    return names.get(figure["subject"], str(figure["subject"]))
