"""Texts of the page of one model."""

from datetime import date
from typing import Any

import polars as pl
import pytest

from dashboards.data.vocabulary import NOT_KNOWN
from dashboards.text import model, models


@pytest.mark.parametrize(
    ("values", "names", "wanted"),
    [
        (["CN", NOT_KNOWN], {"CN": "China"}, {"CN": "China", NOT_KNOWN: "Not known"}),
        (["mit", "MIT"], {}, {"mit": "mit", "MIT": "MIT"}),
        (["a", "b"], {"a": "Same", "b": "Same"}, {"a": "Same", "b": "Same (b)"}),
        (["Not known", NOT_KNOWN], {}, {"Not known": "Not known", NOT_KNOWN: f"Not known ({NOT_KNOWN})"}),
    ],
)
def test_option_names_are_unique(values: list[str], names: dict[str, str], wanted: dict[str, str]) -> None:
    assert models.options("origin", values, {"origin": names}) == wanted


FACTS = {"read_on": date(2026, 8, 22), "downloads_30d": 1234, "downloads_all_time": None, "likes": 0, "ranked": 9000}
RANKS: list[tuple[dict[str, Any], str]] = [
    ({"rank_30d": 7}, "unknown since creation, 0 likes; rank 7 of 9,000 by 30-day downloads."),
    ({"rank_30d": None}, "0 likes; no rank, because it is not listed or its 30-day count is unknown."),
    ({"rank_30d": None, "read_on": None}, "No counter of this model has been read."),
]


@pytest.mark.parametrize(("changed", "words"), RANKS)
def test_counters_with_unknown_values(changed: dict[str, Any], words: str) -> None:
    assert model.counters({**FACTS, **changed}).endswith(words)


@pytest.mark.parametrize(
    ("shown", "total", "words"),
    [
        (0, 0, "0 models made directly from it."),
        (1, 1, "1 model made directly from it."),
        (50, 1204, "1,204 models made directly from it; the 50 most downloaded are shown."),
    ],
)
def test_children_shown(shown: int, total: int, words: str) -> None:
    assert model.children_shown(shown, total) == words


def test_unknown_origin_of_a_root() -> None:
    frame = pl.DataFrame({"origin": ["CN", None], "layer": ["release", "odd"]})
    named = model.placed(frame, {"CN": "China"})
    assert named.rows() == [("China", "Original"), ("Unknown", "odd")]
