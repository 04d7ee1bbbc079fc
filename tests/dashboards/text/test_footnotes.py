"""The status line of pages and the footnote of charts."""

from datetime import date

import polars as pl
import pytest

from dashboards.data.warehouse import Build
from dashboards.text import footnotes

Row = tuple[str, bool | None, int | None, int | None]
DAY = date(2026, 8, 22)


def coverage(*rows: Row, is_cut: bool = False) -> pl.DataFrame:
    """What was read of the last day; with `is_cut`, more was read on other days."""
    return pl.DataFrame(
        list(rows),
        schema={"scope": pl.String, "is_complete": pl.Boolean, "models": pl.Int64, "refused": pl.Int64},
        orient="row",
    ).with_columns(is_cut=pl.lit(is_cut))


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        (
            [("labs", False, 1204, 1), ("hub", True, 3, 0)],
            "As of 22 Aug 2026: 1,204 models read, incomplete, 1 row refused. "
            "Scope: models of the registered organisations.",
        ),
        (
            [("recorded", None, None, None)],
            "As of 22 Aug 2026: number of models unknown, coverage unknown. "
            "Scope: recorded listings, a selection of the public models of the Hub.",
        ),
        ([], "As of 22 Aug 2026. The coverage of this day is unknown."),
    ],
    ids=["incomplete", "unknown counts", "no coverage"],
)
def test_header_names_day_coverage_and_scope(rows: list[Row], expected: str) -> None:
    assert footnotes.header(Build("2026-08-22 12:00:00", "0.1.0", DAY, False), coverage(*rows)) == expected


def test_header_says_that_wider_days_are_cut() -> None:
    text = footnotes.header(Build("", "0.1.0", DAY, False), coverage(("labs", True, 5, 0), is_cut=True))
    assert text.endswith("Scope: models of the registered organisations; of days with more, only these are counted.")


def test_footnote_names_simulation_gaps_and_lens() -> None:
    build = Build("2026-08-22 12:00:00", "0.1.0", DAY, True)
    text = footnotes.footnote(build, coverage(("hub", True, 5, 0)), "root", missing_days=1)
    assert text.startswith("Simulated data, not the real Hub. As of 22 Aug 2026:")
    assert "1 day without data left blank. Attributed to: base model. Source:" in text


def test_widest_scope_decides_whether_the_hub_is_covered() -> None:
    assert footnotes.covers_hub(coverage(("hub", True, 5, 0), ("labs", True, 3, 0)))
    assert not footnotes.covers_hub(coverage(("labs", True, 3, 0)))
    assert not footnotes.covers_hub(coverage())
    assert footnotes.covers_labs(coverage(("labs", True, 3, 0)))
    assert not footnotes.covers_labs(coverage(("hub", True, 5, 0), ("labs", True, 3, 0)))
