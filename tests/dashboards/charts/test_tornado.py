"""Bars that run from the baseline, and crossovers in time."""

from datetime import date
from typing import Any

import polars as pl
import pytest

from dashboards.charts import bars, colours, inks, matrix, timelines

BARS = pl.DataFrame(
    {
        "name": ["one\nline", "two", "three"], "told": ["one line", "two", "three"], "value": [0.3, 0.05, 0.1001],
        "move": [0.2, -0.05, 0.0001], "text": ["+20.0 points", "-5.0 points", "0.0 points"],
        "exact": ["+30.0 points", "+5.0 points", "+10.0 points"],
    }
)  # fmt: skip


def rows_of(spec: dict[str, Any]) -> list[dict[str, Any]]:
    return max(spec["datasets"].values(), key=len)  # type: ignore[no-any-return]


def test_ups_downs_and_no_move_are_told_apart_by_more_than_colour() -> None:
    spec = bars.tornado(BARS, 0.1, is_signed=True).to_dict()
    assert [(row["way"], row["short"], row["baseline"]) for row in rows_of(spec)] == [
        (1, "+20.0", 0.1),
        (-1, "-5.0", 0.1),
        (0, "0.0", 0.1),
    ]


def test_only_a_figure_whose_sign_matters_has_a_line_at_zero_within_the_axis() -> None:
    def ends(is_signed: bool) -> tuple[float, float]:
        spec = bars.tornado(BARS, 0.1, is_signed=is_signed).to_dict()
        low, high = spec["layer"][0]["encoding"]["x"]["scale"]["domain"]
        return low, high

    def rules(is_signed: bool) -> int:
        layers = bars.tornado(BARS, 0.1, is_signed=is_signed).to_dict()["layer"]
        return sum(layer["mark"]["type"] == "rule" for layer in layers)

    assert (rules(True), rules(False)) == (2, 1)
    assert ends(True)[0] < 0 < 0.3 < ends(True)[1]
    assert 0 < ends(False)[1] - ends(False)[0] < ends(True)[1] - ends(True)[0]


def test_a_crossover_without_a_date_has_words_and_an_open_band_ends_on_the_last_day() -> None:
    first, last = date(2026, 9, 1), date(2026, 10, 1)
    rows = pl.DataFrame(
        {
            "name": ["base", "late", "none"], "told": ["base", "late", "none"],
            "text": ["5 Sep 2026", "25 Sep 2026", "no crossover"], "said": ["x", "y", "z"], "band": ["95%", "", ""],
            "crossed_on": [date(2026, 9, 5), date(2026, 9, 25), None], "low": [first, None, None],
            "high": [None, None, None],
        },
        schema_overrides={"high": pl.Date},
    )  # fmt: skip
    found = rows_of(timelines.crossings(rows, first, last).to_dict())
    days = [None if row["at"] is None else (row["at"] - 1_788_220_800_000) / 86_400_000 for row in found]
    assert days == [4.0, 24.0, None]
    assert [row["is_late"] for row in found] == [False, True, None]
    assert (found[0]["high_at"] - found[0]["low_at"]) / 86_400_000 == 30.0
    assert [row["high_at"] for row in found[1:]] == [None, None]


def test_rows_and_columns_of_a_matrix_stand_in_the_order_given() -> None:
    cells = pl.DataFrame(
        {"row": ["B"], "column": ["Y"], "heat": [0.5], "text": ["50"], "short": ["50"], "is_own": [False]}
    )
    spec = matrix.matrix(cells, ["B", "A"], ["Y", "X"], ("Rows", "Columns"), {"row": "Row"}).to_dict()
    encoding = spec["layer"][0]["encoding"]
    assert (encoding["y"]["sort"], encoding["x"]["sort"]) == (["B", "A"], ["Y", "X"])


def luminance(colour: str) -> float:
    """Relative luminance of #rrggbb, as WCAG 2.2 defines it."""
    parts = [int(colour[start : start + 2], 16) / 255 for start in (1, 3, 5)]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return sum(part * weight for part, weight in zip(linear, (0.2126, 0.7152, 0.0722), strict=True))


def contrast(one: str, other: str) -> float:
    """WCAG contrast of two colours."""
    dark, light = sorted((luminance(one), luminance(other)))
    return (light + 0.05) / (dark + 0.05)


def test_words_and_bars_can_be_read_on_light_and_dark() -> None:
    for background in ("#ffffff", "#0f1318"):
        for colour in (inks.GREY, inks.FIRST, inks.SECOND):
            assert contrast(colour, background) >= 4.0


@pytest.mark.parametrize(
    ("theme", "background"), [("light", colours.LIGHT_BACKGROUND), ("dark", colours.DARK_BACKGROUND)]
)
def test_figures_on_heat_can_be_read_and_the_least_heat_is_nearest_the_page(theme: str, background: str) -> None:
    cells = [mixed(inks.HEAT, background, inks.MOST_HEAT * part / 10) for part in range(11)]
    assert all(contrast(cell, colours.INK[theme]) >= 4.5 for cell in cells)
    away = [contrast(cell, background) for cell in cells]
    assert away == sorted(away) and away[0] == 1 and away[-1] > 1.9


def mixed(colour: str, background: str, opacity: float) -> str:
    """What a colour is over a background it lets through."""
    pairs = [(int(colour[at : at + 2], 16), int(background[at : at + 2], 16)) for at in (1, 3, 5)]
    return "#" + "".join(f"{round(opacity * over + (1 - opacity) * under):02x}" for over, under in pairs)
