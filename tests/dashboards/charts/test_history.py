"""Charts of one model: days with their basis, readings with their gaps."""

from datetime import date
from typing import Any

import polars as pl
import pytest

from dashboards.charts import history
from dashboards.charts.colours import ORIGINS
from dashboards.charts.figure import Layered
from dashboards.text.model import BASES

FLOWS = pl.DataFrame(
    {
        "day": [date(2026, 8, 19), date(2026, 8, 20), date(2026, 8, 22)],
        "value": [10.0, 0.0, 7.0],
        "basis": ["identity", "read", "read"],
    }
)


def spec_of(chart: Any) -> dict[str, Any]:
    """The specification that Altair checks."""
    return dict((chart.altair() if isinstance(chart, Layered) else chart).to_dict())


def rows_of(chart: Any) -> list[dict[str, Any]]:
    return max(spec_of(chart)["datasets"].values(), key=len)


def test_bar_spans_its_day_in_the_colour_of_its_basis() -> None:
    chart = history.chart(FLOWS, "downloads", "Daily downloads", BASES)
    rows = rows_of(chart)
    assert [(row["date"], row["value"], row["known"]) for row in rows] == [
        ("19 Aug 2026", 10, BASES["identity"]),
        ("20 Aug 2026", 0, BASES["read"]),
        ("22 Aug 2026", 7, BASES["read"]),
    ]
    assert {row["end"] - row["day"] for row in rows} == {86_400_000}
    scale = spec_of(chart)["layer"][0]["encoding"]["color"]["scale"]
    assert dict(zip(scale["domain"], scale["range"], strict=True)) == {
        BASES["read"]: history.BASES["read"],
        BASES["identity"]: history.BASES["identity"],
    }


def test_day_without_downloads_has_a_dot_and_an_unknown_day_none() -> None:
    spec = spec_of(history.chart(FLOWS, "downloads", "Daily downloads", BASES))
    bars, dots = (spec["datasets"][layer["data"]["name"]] for layer in spec["layer"])
    assert [(row["date"], row["value"]) for row in dots] == [("20 Aug 2026", 0)]
    assert dots[0]["day"] == bars[1]["day"] + 43_200_000
    assert "21 Aug 2026" not in {row["date"] for row in (*bars, *dots)}


def test_day_without_a_reading_breaks_the_line() -> None:
    rows = rows_of(history.chart(FLOWS.drop("basis"), "likes", "Likes", BASES))
    assert [(row["date"], row["value"]) for row in rows] == [
        ("19 Aug 2026", 10),
        ("20 Aug 2026", 0),
        ("21 Aug 2026", None),
        ("22 Aug 2026", 7),
    ]


def test_every_basis_has_a_name_and_its_own_colour() -> None:
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
def test_alternative_text_has_the_first_and_last_value(frame: pl.DataFrame, words: str) -> None:
    assert history.described(frame, "likes") == words
