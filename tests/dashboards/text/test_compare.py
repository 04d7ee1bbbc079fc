"""Titles, subtitles and notes of the compare page, and events of its charts."""

from datetime import date, timedelta
from typing import Any

import polars as pl
import pytest

from dashboards.data.definition import Definition
from dashboards.text import compare as words
from dashboards.text import events as event_texts
from dashboards.text import terms
from dashboards.text.comparison import Comparison

LAST = date(2026, 11, 20)
NAMES = {"qwen": "Qwen", "llama": "Llama", "gemma": "Gemma"}
OWN = " Each repository counts for its own family; language models, all model types."
ENDS = " The last three days are means of fewer days (six, five and four) and may still change."


def comparison(**chosen: Any) -> Comparison:
    return Comparison(**{"kind": "families", "codes": ("qwen", "llama"), **chosen})


@pytest.mark.parametrize(
    ("chosen", "title"),
    [
        ({}, "Daily downloads by family"),
        ({"every": "week"}, "Weekly downloads by family"),
        ({"every": "month", "kind": "origins"}, "Monthly downloads by origin"),
        ({"every": "month", "scale": "share", "kind": "origins"}, "Share of monthly downloads by origin"),
        ({"every": "month", "measure": "root"}, "Monthly downloads credited to base models by family"),
        ({"every": "month", "against": "release"}, "Monthly downloads by family since release"),
        ({"every": "month", "measure": "likes"}, "Likes by family, month by month"),
        ({"every": "week", "measure": "30d"}, "30-day downloads by family, week by week"),
        ({"measure": "derivatives"}, "New derivatives per month by family"),
        ({"scale": "share", "measure": "likes", "kind": "labs"}, "Share of likes by lab"),
        ({"scale": "index", "measure": "all_time", "against": "release"},
         "All-time downloads by family since release, indexed"),
        ({"kind": "origins", "against": "release", "measure": "30d"}, "30-day downloads by origin"),
        ({"kind": "models", "scale": "log"}, "Daily downloads by model"),
    ],
)  # fmt: skip
def test_title(chosen: dict[str, Any], title: str) -> None:
    assert words.title(comparison(**chosen)) == title


@pytest.mark.parametrize(
    ("chosen", "base", "expected"),
    [
        ({}, None, "Daily downloads, centred 7-day mean." + OWN + ENDS),
        ({"smooth": "raw", "kind": "models"}, None,
         "Daily downloads. Each repository on its own, without what is built on it."),
        ({"kind": "models", "measure": "root"}, None,
         "Daily downloads credited to base models, centred 7-day mean. Each base model with everything built on it, "
         "by weight."
         + ENDS),
        ({"every": "week", "scale": "share"}, None,
         "Share of all weekly downloads, sum of each full week (Monday to Sunday)." + OWN),
        ({"every": "month"}, None, "Monthly downloads, sum of each full calendar month." + OWN),
        ({"every": "month", "against": "release"}, None,
         "Monthly downloads, sum of each full thirty days since release." + OWN),
        ({"every": "week", "measure": "30d"}, None,
         "30-day downloads, last known value of each week (Monday to Sunday)." + OWN),
        ({"every": "month", "measure": "likes", "against": "release"}, None,
         "Likes, last known value of every thirty days since release." + OWN),
        ({"scale": "index", "measure": "30d"}, date(2026, 8, 2),
         "30-day downloads; 100 is the level of each line on 2 Aug 2026." + OWN),
        ({"scale": "index", "measure": "30d", "against": "release"}, 1,
         "30-day downloads; 100 is the level of each line 1 day after release." + OWN),
    ],
)  # fmt: skip
def test_subtitle(chosen: dict[str, Any], base: date | int | None, expected: str) -> None:
    assert words.subtitle(comparison(**chosen), Definition(), 0, base, LAST) == expected


@pytest.mark.parametrize(("until", "has_open_ends"), [(None, True), (LAST, True), (18, True), (17, False)])
def test_subtitle_mentions_open_means_where_drawn(until: date | int | None, has_open_ends: bool) -> None:
    day = date(2026, 11, until) if isinstance(until, int) else until
    expected = words.subtitle(comparison(until=day), Definition(), 0, None, LAST)
    assert expected.endswith(ENDS) == has_open_ends


def test_derivatives_subtitle_names_survivorship() -> None:
    expected = words.subtitle(comparison(measure="derivatives"), Definition(lens="root", gguf=False), 5, None, LAST)
    assert "in the month it was created if it has more than 5 downloads" in expected
    assert "deleted before the first reading are missing" in expected and "GGUF" not in expected
    assert "more than 5 downloads; language models. " in expected


@pytest.mark.parametrize(
    ("kind", "measure", "lens"),
    [
        ("families", "daily", "root"),
        ("families", "root", "root"),
        ("families", "derivatives", None),
        ("generations", "derivatives", None),
        ("models", "daily", None),
        ("models", "root", "root"),
        ("models", "derivatives", None),
    ],
)
def test_footnote_names_the_lens_where_it_matters(kind: str, measure: str, lens: str | None) -> None:
    assert words.footnote_lens(comparison(kind=kind, measure=measure), Definition(lens="root")) == lens


def test_notes_separate_built_models_from_unused_ones() -> None:
    one = comparison(kind="models", measure="derivatives", codes=("qwen", "llama", "gemma"))
    text = words.notes(one, ("qwen",), NAMES, {}, built=("llama",))
    assert text.startswith(
        "Not drawn (built on other models, so not a base model): Llama. Not drawn (no derivatives counted): Gemma. A "
    )
    assert "on a derivative counts for the base models of that derivative." in text
    since = comparison(kind="models", measure="root", against="release")
    text = words.notes(since, ("qwen",), NAMES, {"qwen": date(2026, 8, 1)}, built=("llama",))
    assert text.startswith("Not drawn (built on other models, so not a base model): Llama. Day 0")
    assert "date unknown" not in text
    assert words.no_lines(one) == (
        "New derivatives are counted for base models only, and none are known for these. Choose others."
    )


@pytest.mark.parametrize(
    ("chosen", "drawn", "released", "expected"),
    [
        ({}, ("qwen", "llama"), {}, ""),
        ({}, ("qwen",), {}, "Not drawn (no figures known): Llama."),
        ({"against": "release"}, (), {"qwen": date(2026, 8, 1)},
         "Not drawn (release date unknown): Llama. Not drawn (no figures known): Qwen."),
    ],
)  # fmt: skip
def test_notes_name_lines_that_are_not_drawn(
    chosen: dict[str, Any], drawn: tuple[str, ...], released: dict[str, date], expected: str
) -> None:
    text = words.notes(comparison(**chosen), drawn, NAMES, released)
    assert text.startswith(expected) and ("Not drawn" in text) == bool(expected)


def test_footnote_names_the_eight_latest_events() -> None:
    first = date(2026, 8, 1)
    days = [first + timedelta(days=day) for day in range(10)]
    events = pl.DataFrame(
        {"event_date": days, "kind": ["release"] * 10, "title": [f"event {day}" for day in range(10)]}
    )
    assert event_texts.footnote(events.head(1)) == " Events: 1 Aug 2026: event 0."
    assert event_texts.footnote(events.clear()) == ""
    text = event_texts.footnote(events)
    assert text.startswith(" Events: 2 earlier ones; 3 Aug 2026: event 2; ") and text.count("event ") == 8


DIPS = pl.DataFrame(
    {
        "first": [date(2026, 10, 15)] * 3,
        "last": [date(2026, 10, 17)] * 3,
        "age": [40, 40, 90],
        "code": ["gemma", "llama", "qwen"],
    }
)


def test_rollback_is_named_once_and_marked_on_each_line() -> None:
    assert event_texts.footnote(event_texts.rollbacks(DIPS, NAMES, "day")) == (
        " Events: 15 Oct 2026: All-time counters rolled back until 17 Oct 2026 (all lines)."
    )
    assert event_texts.footnote(event_texts.rollbacks(DIPS.head(2), NAMES, "day")).endswith("(Gemma, Llama).")
    marked = event_texts.rollbacks_by_age(DIPS, NAMES, "day").select("age", "title").rows()
    assert [(age, title.partition("(")[2]) for age, title in marked] == [(40, "Gemma)"), (40, "Llama)"), (90, "Qwen)")]


def test_rollback_titles_by_step() -> None:
    by_month = DIPS.drop("age").with_columns(day=date(2026, 10, 1))
    assert event_texts.rollbacks(by_month, NAMES, "month").rows() == [
        (date(2026, 10, 1), "rollback",
         "All-time counters rolled back from 15 Oct 2026 until 17 Oct 2026 (all lines)"),
    ]  # fmt: skip
    short = DIPS.head(1).with_columns(last="first")
    assert event_texts.rollbacks(short, NAMES, "day")["title"].to_list() == [
        "All-time counters rolled back for a day (Gemma)"
    ]


@pytest.mark.parametrize(
    ("names", "labels"),
    [
        ({"ZZ": "International or undisclosed", "CN": "China"}, ["International", "China"]),
        ({"a": "org/model", "b": "other/thing"}, ["model", "thing"]),
        ({"a": "org/model", "b": "other/model"}, ["org/model", "other/model"]),
        ({"a": "old-name", "b": "odd/"}, ["old-name", "odd/"]),
    ],
)
def test_line_labels_are_short_where_unambiguous(names: dict[str, str], labels: list[str]) -> None:
    assert list(terms.label_names(names).values()) == labels
