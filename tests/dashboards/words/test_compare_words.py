"""What the page that compares says of each choice."""

from datetime import date, timedelta
from typing import Any

import polars as pl
import pytest

from dashboards.comparison import Comparison
from dashboards.definition import Definition
from dashboards.words import compare as words
from dashboards.words import terms

NAMES = {"qwen": "Qwen", "llama": "Llama", "gemma": "Gemma"}


def comparison(**chosen: Any) -> Comparison:
    return Comparison(**{"kind": "families", "codes": ("qwen", "llama"), **chosen})


@pytest.mark.parametrize(
    ("chosen", "title"),
    [
        ({}, "Daily downloads by family"),
        ({"scale": "share", "measure": "likes", "kind": "labs"}, "Share of likes by lab"),
        ({"scale": "index", "measure": "all_time", "against": "release"},
         "All-time downloads by family since release, indexed"),
        ({"kind": "origins", "against": "release", "measure": "30d"}, "30-day downloads by origin"),
        ({"kind": "models", "scale": "log"}, "Daily downloads by model"),
    ],
)  # fmt: skip
def test_the_title_says_what_is_drawn(chosen: dict[str, Any], title: str) -> None:
    assert words.title(comparison(**chosen)) == title


@pytest.mark.parametrize(
    ("chosen", "base", "said"),
    [
        ({}, None, "Daily downloads, centred 7-day mean. Counted in the family of the repository itself; all layers."),
        ({"smooth": "raw", "kind": "models"}, None,
         "Daily downloads. Each repository by itself, without what is built on it."),
        ({"kind": "models", "measure": "root"}, None,
         "Root-credited downloads, centred 7-day mean. Each root with all its descendants, by weight; whatever lens "
         "and layers are chosen."),
        ({"every": "week", "scale": "share"}, None,
         "Share of all daily downloads, sums of whole weeks from Monday. "
         "Counted in the family of the repository itself; all layers."),
        ({"every": "month", "measure": "likes", "against": "release"}, None,
         "Likes, last known values of months of thirty days counted from release. "
         "Counted in the family of the repository itself; all layers."),
        ({"scale": "index", "measure": "30d"}, date(2026, 8, 2),
         "30-day downloads, 100 on 2 August 2026. Counted in the family of the repository itself; all layers."),
        ({"scale": "index", "measure": "30d", "against": "release"}, 1,
         "30-day downloads, 100 1 day after release. Counted in the family of the repository itself; all layers."),
    ],
)  # fmt: skip
def test_the_subtitle_says_unit_step_and_who_is_counted(
    chosen: dict[str, Any], base: date | int | None, said: str
) -> None:
    assert words.subtitle(comparison(**chosen), Definition(), 0, base) == said


def test_new_derivatives_are_said_to_be_survivors_whatever_the_definition() -> None:
    said = words.subtitle(comparison(measure="derivatives"), Definition(lens="root", gguf=False), 5, None)
    assert "with more than 5 downloads; whatever lens and layers are chosen" in said
    assert "still there when first read" in said and "GGUF" not in said


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
def test_a_footnote_names_the_lens_where_that_moves_the_lines(kind: str, measure: str, lens: str | None) -> None:
    assert words.lens_told(comparison(kind=kind, measure=measure), Definition(lens="root")) == lens


def test_what_is_no_root_is_told_apart_from_what_has_no_derivative() -> None:
    one = comparison(kind="models", measure="derivatives", codes=("qwen", "llama", "gemma"))
    told = words.notes(one, ("qwen",), NAMES, {}, built=("llama",))
    assert told.startswith(
        "Built on others, and so no root: Llama. No derivative is counted of Gemma. A derivative counts"
    )
    assert told.endswith("is no root: what is built on it counts for its roots.")
    since = comparison(kind="models", measure="root", against="release")
    told = words.notes(since, ("qwen",), NAMES, {"qwen": date(2026, 8, 1)}, built=("llama",))
    assert told.startswith("Built on others, and so no root: Llama. Day 0") and "No day of release" not in told
    assert words.nothing(one) == "New derivatives are of roots, and none are known of the chosen. Choose others."


@pytest.mark.parametrize(
    ("chosen", "drawn", "released", "said"),
    [
        ({}, ("qwen", "llama"), {}, ""),
        ({}, ("qwen",), {}, "Nothing is known to draw of Llama."),
        ({"against": "release"}, (), {"qwen": date(2026, 8, 1)},
         "No day of release is known of Llama. Nothing is known to draw of Qwen."),
    ],
)  # fmt: skip
def test_what_is_not_drawn_is_named_with_its_reason(
    chosen: dict[str, Any], drawn: tuple[str, ...], released: dict[str, date], said: str
) -> None:
    told = words.notes(comparison(**chosen), drawn, NAMES, released)
    assert told.startswith(said) and ("known" in told) == bool(said)


def test_a_footnote_names_at_most_eight_events_the_latest() -> None:
    first = date(2026, 8, 1)
    days = [first + timedelta(days=day) for day in range(10)]
    events = pl.DataFrame(
        {"event_date": days, "kind": ["release"] * 10, "title": [f"event {day}" for day in range(10)]}
    )
    assert words.happened(events, first, first) == " Events: 1 August 2026: event 0."
    assert words.happened(events, date(2027, 1, 1), date(2027, 2, 1)) == ""
    told = words.happened(events, first, days[-1])
    assert told.startswith(" Events: 2 earlier ones; 3 August 2026: event 2; ") and told.count("event ") == 8


@pytest.mark.parametrize(
    ("names", "labels"),
    [
        ({"ZZ": "International or undisclosed", "CN": "China"}, ["International", "China"]),
        ({"a": "org/model", "b": "other/thing"}, ["model", "thing"]),
        ({"a": "org/model", "b": "other/model"}, ["org/model", "other/model"]),
        ({"a": "old-name", "b": "odd/"}, ["old-name", "odd/"]),
    ],
)
def test_names_beside_lines_are_short_where_that_is_clear(names: dict[str, str], labels: list[str]) -> None:
    assert list(terms.label_names(names).values()) == labels
