"""Matrix and headline of the country-to-country page."""

from datetime import date
from typing import Any

import polars as pl
import pytest

from dashboards.data.definition import Definition
from dashboards.text import cross_origin

NAMES = {"CN": "China", "US": "United States", "FR": "France"}
AUGUST = date(2026, 8, 1)


def cells(*rows: tuple[str, str, float | None]) -> pl.DataFrame:
    """Cells of a matrix whose shares are the value divided by 100."""
    schema = {"publisher": pl.String, "root": pl.String, "value": pl.Float64}
    frame = pl.DataFrame(list(rows), schema=schema, orient="row")
    share = pl.col("value") / 100
    return frame.with_columns(row_share=share, column_share=share)


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        (
            [("CN", "CN", 90.0), ("CN", "US", 5.0), ("US", "CN", 60.0), ("ZZ", "CN", 99.0)],
            "In August 2026, the largest flow between two countries is models from the United States built on base "
            "models from China: 60 downloads, 60.0% of all from the United States. All of these are fine-tunes.",
        ),
        (
            [("CN", "FR", 5.0), ("unaffiliated", "CN", 70.0), ("unaffiliated", "not_known", 90.0)],
            "In August 2026, the largest flow between two countries is models from China built on base models from "
            "France: 5 downloads, 5.0% of all from China. All of these are fine-tunes. "
            "Accounts outside the registry build most on base models from China: 70.0% of their downloads.",
        ),
        (
            [("CN", "CN", 5.0), ("other", "CN", 7.0), ("CN", "US", None)],
            "In August 2026, none of the largest countries published models built on those of another.",
        ),
    ],
    ids=["two countries", "unaffiliated", "none"],
)
def test_headline_names_the_largest_flow(rows: list[Any], expected: str) -> None:
    parts = {"derivative": 1.0, "repackaged": 0.0}
    assert cross_origin.headline(cells(*rows), AUGUST, date(2026, 9, 2), "downloads", NAMES, parts) == expected


def test_headline_of_several_model_types() -> None:
    parts = {"derivative": 1.0, "repackaged": 3.0}
    text = cross_origin.headline(cells(("CN", "US", 4.0)), AUGUST, None, "models", NAMES, parts)
    assert text.endswith("Of these, 75.0% quantized copies, 25.0% fine-tunes.")


def test_model_types_of_an_empty_flow_are_unknown() -> None:
    text = cross_origin.headline(cells(("CN", "US", 0.0)), AUGUST, None, "downloads", NAMES, {"release": 0.0})
    assert text.endswith("Its model types are unknown.")


def test_axis_order_ends_with_what_is_no_country() -> None:
    found = cells(("unaffiliated", "CN", 9.0), ("US", "US", 8.0), ("other", "not_known", 99.0), ("CN", "CN", 1.0))
    assert cross_origin.axis_order(found, "publisher") == ("CN", "US", "other", "unaffiliated")
    assert cross_origin.axis_order(found, "root") == ("CN", "US", "not_known")


@pytest.mark.parametrize(
    ("value", "shown", "text", "short"),
    [
        (0.0, "row_share", "0", "0"),
        (0.0004, "row_share", "<1", "<1"),
        (0.126, "column_share", "13", "13"),
        (None, "row_share", "?", "?"),
        (1_160_000.0, "value", "1.16M", "1.2M"),
        (8_460.0, "value", "8.46K", "8.5K"),
        (766_432.0, "value", "766K", "766K"),
        (24_200_000.0, "value", "24.2M", "24M"),
        (118.0, "value", "118", "118"),
        (None, "value", "unknown", "?"),
    ],
)
def test_cell_text(value: float | None, shown: cross_origin.Cells, text: str, short: str) -> None:
    frame = cells(("CN", "US", 100.0)).with_columns(pl.lit(value, dtype=pl.Float64).alias(shown))
    [row] = cross_origin.matrix_cells(frame, shown, NAMES, NAMES).to_dicts()
    assert (row["text"], row["short"], row["is_own"]) == (text, short, False)


@pytest.mark.parametrize(
    ("roots", "expected"),
    [
        ([("Qwen/Qwen3-8B", "CN", 1.0)], "Qwen/Qwen3-8B (China)"),
        ([("a/b", "CN", 0.75), ("c", None, 0.25)], "75% a/b (China) + 25% c (Unknown)"),
    ],
)
def test_several_roots_are_shown_with_weights(roots: list[Any], expected: str) -> None:
    rows = [dict(zip(("root", "origin", "weight"), root, strict=True)) for root in roots]
    assert cross_origin.roots_text(rows, NAMES) == expected


@pytest.mark.parametrize(
    ("last", "until"), [(date(2026, 8, 22), " up to 22 Aug 2026"), (date(2026, 9, 1), ""), (None, "")]
)
def test_subtitle_dates_a_partial_month(last: date | None, until: str) -> None:
    subtitle = cross_origin.matrix_subtitle(Definition(), AUGUST, last, "models", "value")
    assert subtitle.startswith(f"Models listed, by weight. August 2026{until}; language models, all model types.")


def test_alternative_text_names_the_largest_two_of_each_publisher() -> None:
    found = cells(("CN", "FR", 5.0), ("CN", "CN", 90.0), ("CN", "US", 10.0), ("US", "CN", None))
    text = cross_origin.alt_text(found, "value", {"CN": "China", "US": "United States"}, NAMES)
    assert text.endswith("Largest of each publisher: China: China 90, United States 10; United States: unknown.")
