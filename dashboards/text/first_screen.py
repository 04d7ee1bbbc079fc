"""The first screen of the overview: its heading, the figures under it, and the caveats in one line each. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import polars as pl

from dashboards.data import format
from dashboards.data.definition import Definition
from dashboards.data.vocabulary import universe_name
from dashboards.text.crossovers import last_crossing
from dashboards.text.terms import in_sentence

QUESTION = "Who is ahead in open-weight AI?"
"""The heading where no share is known."""

_CLASSES = {"language": "language-model ", "vision": "vision-model ", "audio": "audio-model ", "encoder": "encoder "}
_VERBS = {"likes": "have", "models": "make up", "downloads_all_time": "have"}
_NOUNS = {
    "downloads_30d": ("", "downloads"),
    "downloads_7d_mean": ("daily ", "downloads"),
    "downloads_all_time": ("all-time ", "downloads"),
    "likes": ("", "likes"),
}
"""Metric -> what comes before and after the class of models."""

_DATED_BY = {"downloads": ", daily", "downloads_all_time": ", all-time"}
"""Metric of a crossover -> what the tile says of it: that of 30-day downloads is dated by daily ones."""

_VISIBLE = 0.0005
"""Difference of shares that shows in points with one decimal."""


@dataclass(frozen=True, slots=True)
class Named:
    """The name of a country or region, and its adjective if the registry has one."""

    name: str
    adjective: str | None = None

    @property
    def short(self) -> str:
        """The shorter of both: "Chinese", "US"; without an adjective the name."""
        return self.adjective or self.name


@dataclass(frozen=True, slots=True)
class Tile:
    """A few figures with a label above and a note below."""

    label: str
    figures: tuple[tuple[str, str, str], ...]
    """Name, figure and colour of each; a name may be empty."""

    note: str


def heading(
    shares: Sequence[tuple[Named, float]], definition: Definition, metric: str, *, is_whole_hub: bool, is_of_labs: bool
) -> str:
    """The finding: "Chinese labs' models get 46.1% of language-model downloads on Hugging Face, US labs' 37.2%".

    `shares` are those of the countries compared, the larger first.
    """
    verb, noun = _VERBS.get(metric, "get"), _counted(definition.models, metric)
    whole = f"{noun} on Hugging Face" if is_whole_hub else f"the {noun} counted here"
    if is_of_labs:
        whole = f"the {noun} of registered organisations"
    if definition.filters() != Definition().filters():
        whole += f" (counting {definition.filters()})"
    subjects = _subjects([country for country, _ in shares], definition.lens)
    first, *others = (
        f"{subject} {{}}{format.percent(share)}" for subject, (_, share) in zip(subjects, shares, strict=True)
    )
    return ", ".join([first.format(f"{verb} ") + f" of {whole}", *(text.format("") for text in others)])


def share_tile(
    lens: str, shares: Mapping[str, float | None], before: Mapping[str, float | None], days: int,
    pair: Sequence[str], names: Mapping[str, Named], colours: Mapping[str, str],
    same: Mapping[str, float] | None = None,
) -> Tile:  # fmt: skip
    """The shares of a pair (code -> share) under a lens, and their change since those `before`, so many `days` earlier.

    A code without a share has no models. `same` are the shares without models first read since then; where they differ,
    the change is theirs and says so.
    """
    same = same or {}
    compared = {code: same.get(code, shares.get(code, 0.0)) for code in pair}
    changes = [_difference(compared[code], before.get(code, 0.0)) if before else None for code in pair]
    period = f"{days}-day change"
    if any(abs(share - (shares.get(code) or 0.0)) >= _VISIBLE for code, share in compared.items() if share is not None):
        period += ", same models"
    label = "By publisher" if lens == "publisher" else "By base model"
    figures = tuple((names[code].short, format.percent(shares.get(code, 0.0)), colours[code]) for code in pair)
    return Tile(label, figures, _changes(changes, period, "30-day change unknown"))


def derivatives_tile(
    months: pl.DataFrame, pair: Sequence[str], names: Mapping[str, Named], colours: Mapping[str, str]
) -> Tile:
    """The shares of a pair among the new derivatives of the last whole month. `months` has day, code and share."""
    days = months["day"].unique().sort().to_list()
    if not days:
        return Tile("New derivatives", (("", format.UNKNOWN, ""),), "No whole month is known yet")
    last, before = _month(months, days[-1]), _month(months, days[-2]) if len(days) > 1 else {}
    figures = tuple((names[code].short, format.percent(last.get(code, 0.0)), colours[code]) for code in pair)
    changes = [last.get(code, 0.0) - before.get(code, 0.0) if before else None for code in pair]
    label = f"New derivatives, {days[-1]:%b}"
    return Tile(label, figures, _changes(changes, "Change", "Change unknown"))


def crossover_tile(rows: Sequence[Mapping[str, Any]], names: Mapping[str, str]) -> Tile:
    """The last crossover of two countries (code -> name), with its interval. `rows` has one for each direction."""
    label, row = "Last crossover", last_crossing(rows)
    if rows:
        label += _DATED_BY.get(rows[0]["metric"], "")
    if row is not None:
        note = (
            f"{names[row['a']]} ahead{_interval(row)}" if row["holds"] else f"{names[row['a']]} passed; lead not kept"
        )
        return Tile(label, (("", _span(row), ""),), note)
    ahead = next((row for row in rows if row["is_ahead_throughout"]), None)
    if ahead is not None:
        note = f"{names[ahead['a']]} ahead throughout"
        return Tile(label, (("", "None", ""),), note)
    reason = "No lasting change" if rows else "Too few days"
    return Tile(label, (("", "None dated", ""),), reason)


def without_country(share: float, lens: str) -> str:
    """The caveat that some models have no country."""
    whose = "publishers" if lens == "publisher" else "base models of labs"
    return (
        f"{format.percent(share)} has no country: {whose} that are international, undisclosed or not in the registry."
    )


def _subjects(countries: Sequence[Named], lens: str) -> list[str]:
    """The subject of each country's figure: "Chinese labs' models", "US labs'"."""
    first, *others = countries
    if all(country.adjective for country in countries):
        if lens == "publisher":
            return [f"{first.adjective} labs' models", *(f"{country.adjective} labs'" for country in others)]
        return [f"{first.adjective} base models and their derivatives", *(f"{c.adjective} ones" for c in others)]
    if lens == "publisher":
        return [f"Models from {in_sentence(first.name)}", *(f"from {in_sentence(c.name)}" for c in others)]
    start = f"Base models from {in_sentence(first.name)} and their derivatives"
    return [start, *(f"from {in_sentence(country.name)}" for country in others)]


def _counted(models: str, metric: str) -> str:
    """What the shares are of: "language-model downloads", "daily encoder downloads", "models of all kinds"."""
    if metric == "models":
        return universe_name(models)
    period, noun = _NOUNS[metric]
    return f"{period}{_CLASSES.get(models, '')}{noun}"


def _changes(changes: Sequence[float | None], period: str, unknown: str) -> str:
    """The changes of two shares: "30-day change: +0.4/-0.2 points"."""
    known = [change for change in changes if change is not None]
    if len(known) < len(changes):
        return unknown
    *first, last = (format.points(change) for change in known)
    return f"{period}: {'/'.join([*(change.removesuffix(' points') for change in first), last])}"


def _difference(now: float | None, before: float | None) -> float | None:
    return None if now is None or before is None else now - before


def _month(months: pl.DataFrame, day: date) -> dict[str, float]:
    return dict(
        months.filter((pl.col("day") == day) & pl.col("share").is_not_null()).select("code", "share").iter_rows()
    )


def _span(row: Mapping[str, Any]) -> str:
    span = format.between(row["crossed_after"], row["crossed_on"])
    return format.day(row["crossed_on"]) if span.startswith("on ") else f"by {format.day(row['crossed_on'])}"


def _interval(row: Mapping[str, Any]) -> str:
    low, high = row["low"], row["high"]
    if low is None:
        return ""
    if high is None:
        return f"; 95%: {low.day} {low:%b}–open"
    first, last = (f"{day.day} {day:%b}" + (f" {day:%Y}" if low.year != high.year else "") for day in (low, high))
    return f"; 95%: {first}–{last}"
