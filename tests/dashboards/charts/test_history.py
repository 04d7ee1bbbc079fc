"""Charts of one model: days keep their basis and their gaps."""

from datetime import date
from typing import Any

import polars as pl
import pytest

from dashboards.charts import history
from dashboards.charts.colours import ORIGINS
from dashboards.text.model import BASES

FLOWS = pl.DataFrame(
    {
        "day": [date(2026, 8, 19), date(2026, 8, 20), date(2026, 8, 22)],
        "value": [10.0, 0.0, 7.0],
        "basis": ["identity", "read", "read"],
    }
)


def rows_of(chart: Any) -> list[dict[str, Any]]:
    return max(chart.to_dict()["datasets"].values(), key=len)


def test_a_bar_spans_its_day_and_is_coloured_by_what_is_there() -> None:
    chart = history.chart(FLOWS, "downloads", "Daily downloads", BASES)
    rows = rows_of(chart)
    assert [(row["date"], row["value"], row["known"]) for row in rows] == [
        ("2026-08-19", 10, BASES["identity"]),
        ("2026-08-20", 0, BASES["read"]),
        ("2026-08-22", 7, BASES["read"]),
    ]
    assert {row["end"] - row["day"] for row in rows} == {86_400_000}
    scale = chart.to_dict()["layer"][0]["encoding"]["color"]["scale"]
    assert dict(zip(scale["domain"], scale["range"], strict=True)) == {
        BASES["read"]: history.BASES["read"],
        BASES["identity"]: history.BASES["identity"],
    }


def test_a_day_without_downloads_has_a_dot_in_its_middle_and_an_unknown_one_nothing() -> None:
    spec = history.chart(FLOWS, "downloads", "Daily downloads", BASES).to_dict()
    bars, dots = (spec["datasets"][layer["data"]["name"]] for layer in spec["layer"])
    assert [(row["date"], row["value"]) for row in dots] == [("2026-08-20", 0)]
    assert dots[0]["day"] == bars[1]["day"] + 43_200_000
    assert "2026-08-21" not in {row["date"] for row in (*bars, *dots)}


def test_a_day_that_was_not_read_breaks_the_line() -> None:
    rows = rows_of(history.chart(FLOWS.drop("basis"), "likes", "Likes", BASES))
    assert [(row["date"], row["value"]) for row in rows] == [
        ("2026-08-19", 10),
        ("2026-08-20", 0),
        ("2026-08-21", None),
        ("2026-08-22", 7),
    ]


def test_every_basis_has_words_and_a_colour_that_the_palette_tells_apart() -> None:
    assert history.BASES.keys() == BASES.keys()
    assert set(history.BASES.values()) <= set(ORIGINS.values())
    assert len(set(history.BASES.values())) == len(BASES)


@pytest.mark.parametrize(
    ("frame", "words"),
    [
        (FLOWS, "Chart of likes, 19 Aug 2026 to 22 Aug 2026: from 10 to 7."),
        (FLOWS.with_columns(value=pl.lit(None, pl.Float64)), "A chart of likes without data."),
    ],
)
def test_the_chart_is_told_in_words(frame: pl.DataFrame, words: str) -> None:
    assert history.described(frame, "likes") == words
