"""The news of a day: sentences about its finding and its events. Pure."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any

from dashboards.data import format
from dashboards.data.vocabulary import UNAFFILIATED
from dashboards.text.momentum import size_name
from dashboards.text.terms import in_sentence

TITLE = "Open Model Tracker: who is ahead in open-weight AI"
SUBTITLE = "One entry for each day with a complete reading: the shares of downloads, and what changed."
SIMULATED = "Simulated data: "
"""Precedes every title made of simulated data."""

_BY = {"downloads": "daily downloads", "downloads_all_time": "all-time downloads"}
_SUBJECTS = {
    "publisher": ("Models from {}", "those from {}"),
    "root": ("Base models from {}, with their derivatives,", "those from {}"),
}
_NO_COUNTRY = {UNAFFILIATED: "an account outside the registry", "ZZ": "international or undisclosed"}


class Kind(StrEnum):
    """What happened, the most important first."""

    CROSSOVER = "crossover"
    ROLLBACK = "rollback"
    TOP_TEN = "top-ten"
    RAM = "ram-above-1"


@dataclass(frozen=True, slots=True)
class Event:
    """What happened on a day."""

    id: str
    """The same in every build, as long as the data of the day are."""

    kind: Kind
    day: date
    title: str
    sentence: str
    model: str | None = None
    """The repository that it is about."""


@dataclass(frozen=True, slots=True)
class News:
    """The finding and the events of a day."""

    day: date
    finding: str | None
    """The heading of the overview; None if the shares are unknown."""

    by_base: str | None
    """The same, attributed to base models."""

    counted: str
    """What the shares are of, and where they come from."""

    events: tuple[Event, ...]

    @property
    def title(self) -> str:
        """The finding, after events that change it and before those of single releases."""
        of = {kind: _headline(kind, [event for event in self.events if event.kind == kind]) for kind in Kind}
        last = of.pop(Kind.RAM)
        return " ".join(part for part in (*of.values(), f"{self.finding}." if self.finding else "", last) if part)

    @property
    def details(self) -> tuple[str, ...]:
        """What the finding is of, and the same attributed to base models; empty without a finding."""
        by_base = f"By base model: {self.by_base}." if self.by_base else ""
        return tuple(part for part in (self.counted, by_base) if part)


def crossover(row: Mapping[str, Any], names: Mapping[str, str]) -> Event:
    """A country has passed another and stayed ahead."""
    leader, other = (in_sentence(names[row[side]]) for side in ("a", "b"))
    by, (subject, object_) = _BY[row["metric"]], _SUBJECTS[row["lens"]]
    mean = " (7-day mean)" if row["metric"] == "downloads" else ""
    when = format.between(row["crossed_after"], row["crossed_on"])
    attributed = ", attributed to base models," if row["lens"] == "root" else ""
    return Event(
        "-".join([Kind.CROSSOVER, row["metric"], row["lens"], row["a"], row["b"], str(row["crossed_on"])]),
        Kind.CROSSOVER,
        row["day"],
        f"{_upper(leader)} passed {other} by {by}{attributed} {when}",
        f"{subject.format(leader)} passed {object_.format(other)} by {by}{mean} {when} and stayed ahead for 14 days or "
        "more.",
    )


def entry(row: Mapping[str, Any], names: Mapping[str, str], models: str) -> Event:
    """A model is new in the top ten; `models` names what is ranked."""
    return Event(
        f"{Kind.TOP_TEN}-{row['hub_id']}-{row['day']}",
        Kind.TOP_TEN,
        row["day"],
        f"{row['repo_id']} enters the top ten",
        f"{_named(row, names)} is number {row['place']} among {models} by 30-day downloads, with "
        f"{format.compact(row['downloads_30d'])}. It was not in the top ten on any complete reading of the 30 days "
        "before.",
        row["repo_id"],
    )


def rise(row: Mapping[str, Any], names: Mapping[str, str]) -> Event:
    """A release is among the ten most downloaded of its size at its age."""
    age, size = format.count(row["age_days"], "day"), size_name(row["size_bucket"])
    return Event(
        f"{Kind.RAM}-{row['hub_id']}-{row['age_days']}",
        Kind.RAM,
        row["day"],
        f"{row['repo_id']} is among the ten most downloaded of its size after {age}",
        f"{age} after its release, {_named(row, names)} has {format.compact(row['downloads_all_time'])} downloads, "
        f"{_times(row['ram'])} those of the tenth of the {row['known']:,} language models of its size ({size}) that "
        "had reached that age (Relative Adoption Metric, RAM).",
        row["repo_id"],
    )


def rollback(row: Mapping[str, Any]) -> Event:
    """The counters of many repositories fell."""
    return Event(
        f"{Kind.ROLLBACK}-{row['day']}",
        Kind.ROLLBACK,
        row["day"],
        "The Hub's download counters were rolled back",
        f"{_upper(row['detail'])}. How this is handled: {row['handling']}.",
    )


def counted(day: date, scope: str, earlier: tuple[date, Sequence[float]] | None) -> str:
    """What the shares of a day are of, and what they were on an `earlier` day, in the order of the finding."""
    before = ""
    if earlier is not None:
        shares = format.joined([format.percent(share) for share in earlier[1]])
        before = f" On {format.day(earlier[0])} the shares were {shares}."
    return f"30-day downloads to {format.day(day)}.{before} Counted: {scope}."


def label(title: str, *, is_simulated: bool) -> str:
    """A title that says whether the data are simulated."""
    return f"{SIMULATED}{title}" if is_simulated else title


def _headline(kind: Kind, events: Sequence[Event]) -> str:
    """The events of one kind in a sentence; empty if there are none."""
    if not events:
        return ""
    many: dict[Kind, Callable[[], str]] = {
        Kind.CROSSOVER: lambda: "; ".join(event.title for event in events),
        Kind.ROLLBACK: lambda: events[0].title,
        Kind.TOP_TEN: lambda: f"{_models(events)} enter the top ten",
        Kind.RAM: lambda: f"{_models(events)} are among the ten most downloaded of their size at their age",
    }
    return f"{events[0].title if len(events) == 1 else many[kind]()}."


def _models(events: Sequence[Event]) -> str:
    names = [event.model or "" for event in events]
    return format.joined(names) if len(names) == 2 else f"{len(names)} models"


def _named(row: Mapping[str, Any], names: Mapping[str, str]) -> str:
    """A repository with the country of its publisher."""
    code = row["origin"] or UNAFFILIATED
    return f"{row['repo_id']} ({_NO_COUNTRY.get(code) or names.get(code, format.UNKNOWN)})"


def _times(ratio: float) -> str:
    return "slightly more than" if ratio < 1.005 else f"{ratio:,.3g} times" if ratio < 1000 else f"{ratio:,.0f} times"


def _upper(text: str) -> str:
    return f"{text[0].upper()}{text[1:]}"
