"""Charts of any query result: the first choice, the rows drawn, columns of any name."""

from datetime import date, datetime
from typing import Any

import polars as pl
import pytest

from dashboards.charts import colours as palette
from dashboards.charts import query_result
from dashboards.charts.query_result import Choice

DAYS = [date(2026, 8, 1), date(2026, 8, 2)]

GUESSES: list[tuple[str, dict[str, list[Any]], Choice | None]] = [
    ("nothing", {}, None),
    ("no rows", {"day": [], "n": []}, None),
    ("no numbers", {"name": ["a"], "day": DAYS[:1]}, None),
    ("one number", {"n": [1]}, None),
    ("days", {"day": DAYS, "n": [1, 2]}, Choice("line", "day", "n", None)),
    ("times", {"at": [datetime(2026, 8, 1, 5)], "n": [1.5]}, Choice("line", "at", "n", None)),
    (
        "days of several",
        {"day": DAYS * 2, "origin": ["CN", "CN", "US", "US"], "n": [1, 2, 3, 4]},
        Choice("line", "day", "n", "origin"),
    ),
    (
        "days that no text distinguishes",
        {"day": DAYS * 2, "origin": ["CN"] * 4, "n": [1, 2, 3, 4]},
        Choice("scatter", "day", "n", None),
    ),
    ("names", {"origin": ["CN", "US"], "n": [1, 2], "m": [3, 4]}, Choice("bar", "origin", "n", None)),
    ("names before days", {"name": ["a", "b"], "day": DAYS, "n": [1, 2]}, Choice("bar", "name", "n", None)),
    (
        "names of several kinds",
        {"n": [1, 2, 3], "origin": ["CN", "CN", "US"], "kind": ["x", "y", "x"]},
        Choice("bar", "origin", "n", "kind"),
    ),
    ("two numbers", {"n": [1, 2], "m": [3, 4]}, Choice("scatter", "n", "m", None)),
    ("truth values", {"is_gguf": [True, False], "n": [1, 2]}, Choice("bar", "is_gguf", "n", None)),
]


@pytest.mark.parametrize(("what", "given", "expected"), GUESSES, ids=[case[0] for case in GUESSES])
def test_first_choice_suits_the_columns(what: str, given: dict[str, list[Any]], expected: Choice | None) -> None:
    assert query_result.guess(pl.DataFrame(given)) == expected


def test_largest_colours_are_drawn_with_all_rows() -> None:
    rows = [(day, f"c{n:02}", float(n)) for day in range(3) for n in range(20)]
    frame = pl.DataFrame(rows, schema=["x", "colour", "y"], orient="row")
    drawn = query_result.drawable(frame, Choice("line", "x", "y", "colour"))
    assert set(drawn["colour"]) == {f"c{n:02}" for n in range(12, 20)} and drawn.height == 3 * query_result.MOST_COLOURS


def test_first_bars_are_drawn_with_all_rows() -> None:
    frame = pl.DataFrame({"x": [f"n{n}" for n in range(80)] * 2, "y": range(160)})
    drawn = query_result.drawable(frame, Choice("bar", "x", "y", None))
    assert drawn["x"].unique(maintain_order=True).to_list() == [f"n{n}" for n in range(query_result.MOST_BARS)]
    assert drawn.height == 2 * query_result.MOST_BARS


def test_first_points_are_drawn() -> None:
    frame = pl.DataFrame({"x": range(9_000), "y": range(9_000)})
    assert query_result.drawable(frame, Choice("scatter", "x", "y", None)).height == query_result.MOST_POINTS


@pytest.mark.parametrize("name", ["a.b[0]", 'it\'s "odd"', "\\", "datum", "<b>x</b>", "x", "text_x", "-"])
@pytest.mark.parametrize("kind", ["line", "bar", "scatter"])
def test_column_may_have_any_name(name: str, kind: str) -> None:
    frame = pl.DataFrame({name: ["<i>1</i>", None], "n": [1.5, None], "of": ["u", "v"]})
    spec = query_result.chart(frame, Choice(kind, name, "n", "of")).to_dict()
    [rows] = spec["datasets"].values()
    assert rows == [
        {"x": "<i>1</i>", "y": 1.5, "text_x": "<i>1</i>", "text_y": "1.5", "colour": "u"},
        {"x": "unknown", "y": None, "text_x": "unknown", "text_y": "unknown", "colour": "v"},
    ]
    assert [tip["title"] for tip in spec["encoding"]["tooltip"]] == [name, "n", "of"]


def test_unknown_and_infinite_numbers_are_gaps() -> None:
    frame = pl.DataFrame({"day": [DAYS[0], None], "n": [float("inf"), 2.0]})
    [rows] = query_result.chart(frame, Choice("line", "day", "n", None)).to_dict()["datasets"].values()
    first = datetime(2026, 8, 1).toordinal() - datetime(1970, 1, 1).toordinal()
    assert [(row["x"], row["y"]) for row in rows] == [(first * 86_400_000, None), (None, 2.0)]


def test_countries_keep_their_colours_and_all_differ() -> None:
    given = query_result.colours(["someone", "US", "other thing", "CN", "unknown"])
    assert given["US"] == palette.ORIGINS["US"] and given["CN"] == palette.ORIGINS["CN"]
    assert len(set(given.values())) == len(given)


def test_eight_values_have_eight_colours() -> None:
    assert (
        len(set(query_result.colours([f"v{n}" for n in range(query_result.MOST_COLOURS)]).values()))
        == query_result.MOST_COLOURS
    )


def test_alternative_text_has_kind_columns_and_range() -> None:
    frame = pl.DataFrame({"origin": ["CN", "US"], "n": [1_234_567, None]})
    assert query_result.described(frame, Choice("bar", "origin", "n", None)) == (
        "Bar chart of n by origin: 2 rows, n from 1.23M to 1.23M."
    )
