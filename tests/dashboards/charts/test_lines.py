"""One builder of lines for both pages: scales, ages, steps, gaps and events."""

from datetime import date, timedelta
from itertools import pairwise
from typing import Any

import polars as pl
import pytest
import vl_convert

from dashboards.charts import lines, spec
from dashboards.charts.axes import Axes, Ruler
from tests.dashboards.charts import said

FIRST = date(2026, 8, 3)
NAMES = {"a": "First", "b": "<b>Second</b>"}
COLOURS = {"a": "#d80c18", "b": "#306cc0"}


def frame(values: dict[str, list[float | None]], step: int = 1) -> pl.DataFrame:
    """Values of each code from the first day on, every `step` days; None is no row at all."""
    rows = [
        (FIRST + timedelta(days=place * step), code, value, None, None)
        for code, column in values.items()
        for place, value in enumerate(column)
        if value is not None
    ]
    schema = {"day": pl.Date, "code": pl.String, "value": pl.Float64, "share": pl.Float64, "index": pl.Float64}
    return pl.DataFrame(rows, schema=schema, orient="row")


def drawn(days: pl.DataFrame, axes: Axes = Axes(), **more: Any) -> tuple[dict[str, Any], list[list[dict[str, Any]]]]:
    """The checked specification, and the rows of each layer; a column per line holds what is drawn of it."""
    spec = lines.lines(days, "value", NAMES, COLOURS, axes, {"a": [1, 0], "b": [7, 3]}, **more).to_dict()
    return spec, [spec["datasets"][layer["data"]["name"]] for layer in spec["layer"]]


def told_by_browser(pointer: dict[str, Any], rows: list[dict[str, Any]]) -> list[dict[str, str]]:
    """What Vega makes of the words of the pointer, row by row."""
    return [{each["as"]: said.of(each["calculate"], row) for each in pointer["transform"]} for row in rows]


def test_a_logarithmic_axis_draws_no_zero_and_holds_every_other_value() -> None:
    spec, (line, *_) = drawn(frame({"a": [0, 10, 0, 100_000], "b": [1, 2, 3, 4]}), Axes(scale="log"))
    assert [row["a"] for row in line] == [None, 10, None, 100_000]
    scale = spec["layer"][0]["encoding"]["y"]["scale"]
    assert scale["type"] == "log" and 0 < scale["domain"][0] < 1 and scale["domain"][1] > 100_000


def test_a_logarithmic_axis_without_any_positive_value_is_still_a_chart() -> None:
    _, (line, *_) = drawn(frame({"a": [0, 0], "b": [0, 0]}), Axes(scale="log"))
    assert {row[name] for row in line for name in ("a", "b")} == {None}


@pytest.mark.parametrize("scale", ["linear", "log"])
def test_labels_stand_apart_at_their_lines_on_either_scale(scale: Any) -> None:
    ruler = Ruler.over(frame({"a": [1, 1000], "b": [1, 1001]}), "value", Axes(scale=scale))
    _, (_, _, labels, *_) = drawn(frame({"a": [1, 1000], "b": [1, 1001]}), Axes(scale=scale))
    heights = sorted(ruler.part(row["value"]) * lines.HEIGHT for row in labels)
    assert all(after - before >= 15 - 1e-6 for before, after in pairwise(heights))
    assert all(abs(height - ruler.part(1000) * lines.HEIGHT) < 16 for height in heights)
    assert {row["name"] for row in labels} == set(NAMES.values())


def test_names_have_the_ink_of_the_page_behind_a_piece_of_their_line() -> None:
    spec, _ = drawn(frame({"a": [1, 2], "b": [3, 4]}))
    text, piece = spec["layer"][2], spec["layer"][4]
    assert text["mark"]["type"] == "text" and "color" not in text["encoding"] and "color" not in text["mark"]
    assert piece["encoding"]["color"]["scale"]["range"] == list(COLOURS.values())
    assert piece["encoding"]["strokeDash"]["scale"]["range"] == [[1, 0], [7, 3]]


@pytest.mark.parametrize("part", [0.0, 0.25, 1.0])
@pytest.mark.parametrize("scale", ["linear", "log"])
def test_a_ruler_undoes_itself(scale: Any, part: float) -> None:
    ruler = Ruler("value", 2.0, 500.0, scale)
    assert ruler.part(ruler.value(part)) == pytest.approx(part)


@pytest.mark.parametrize(
    ("axes", "every", "steps"), [(Axes(), 1, 4), (Axes(step="week"), 7, 4), (Axes("age", "week"), 7, 4)]
)
def test_a_step_nobody_knows_breaks_the_line(axes: Axes, every: int, steps: int) -> None:
    days = frame({"a": [5, None, 7, 8], "b": [1, 2, None, 4]}, every)
    if axes.x == "age":
        days = days.with_columns(age=(pl.col("day") - FIRST).dt.total_days()).drop("day")
    _, (line, *_) = drawn(days, axes)
    values = {code: [row[code] for row in line] for code in "ab"}
    assert values == {"a": [5, None, 7, 8], "b": [1, 2, None, 4]}


EVENTS = pl.DataFrame(
    {
        "event_date": [FIRST - timedelta(days=1), FIRST, FIRST + timedelta(days=2), FIRST + timedelta(days=9)],
        "kind": ["release", "rollback", "counting-rule", "platform"],
        "title": ["before", "first", "inside", "after"],
    }
)


def test_events_are_drawn_within_the_days_alone_and_told_on_request() -> None:
    spec, layers = drawn(frame({"a": [1, 2, 3], "b": [1, 2, 3]}), events=EVENTS)
    assert [row["title"] for row in layers[-1]] == ["first", "inside"]
    assert layers[-1] == layers[-2], "a rule and its head"
    assert "title" in [tip["field"] for tip in spec["layer"][-1]["encoding"]["tooltip"]]


def test_no_event_is_drawn_against_ages_or_where_none_happened() -> None:
    days = frame({"a": [1, 2, 3]})
    plain = len(drawn(days)[0]["layer"])
    aged = days.with_columns(age=(pl.col("day") - FIRST).dt.total_days()).drop("day")
    assert len(drawn(aged, Axes("age"), events=EVENTS)[0]["layer"]) == plain
    assert len(drawn(days, events=EVENTS.clear())[0]["layer"]) == plain


def test_what_has_an_age_is_marked_on_its_line() -> None:
    aged = frame({"a": [1, 2, 3]}).with_columns(age=(pl.col("day") - FIRST).dt.total_days()).drop("day")
    at = EVENTS.slice(2, 1).with_columns(age=pl.lit(1, pl.Int64), value=pl.lit(2.0))
    spec, layers = drawn(aged, Axes("age"), events=at)
    assert [(row["age"], row["value"], row["date"]) for row in layers[-1]] == [(1, 2.0, "2026-08-05")]
    assert [spec["layer"][-1]["encoding"][axis]["field"] for axis in "xy"] == ["age", "value"]


def test_the_pointer_tells_index_and_count_or_that_it_is_unknown() -> None:
    days = frame({"a": [1000, None, 3], "b": [1, 2, 3]}).with_columns(
        index=pl.when(pl.col("code") == "a").then(pl.col("value") / 10)
    )
    told = told_by_browser(drawn(days, Axes(scale="log"))[0]["layer"][3], drawn(days)[1][3])
    assert [(row["place"], row["a told"], row["b told"]) for row in told] == [
        ("2026-08-03", "100.0 (1,000)", "1"), ("2026-08-04", "unknown", "2"), ("2026-08-05", "0.3 (3)", "3"),
    ]  # fmt: skip


def test_the_pointer_tells_a_zero_that_a_logarithmic_axis_cannot_draw() -> None:
    spec, layers = drawn(frame({"a": [0, 5]}), Axes(scale="log"))
    assert [row["a told"] for row in told_by_browser(spec["layer"][3], layers[3])] == ["0", "5"]


def test_the_pointer_tells_shares_with_their_counts() -> None:
    days = frame({"a": [3000, 1], "b": [1000, None]})
    days = days.with_columns(share=pl.col("value") / pl.col("value").sum().over("day") * 0.4)
    spec, layers = drawn(days)
    told = told_by_browser(spec["layer"][3], layers[3])
    assert [row["a told"] for row in told] == ["30.00% (3,000)", "40.00% (1)"]
    assert [row["b told"] for row in told] == ["10.00 % (1,000)", "unknown"]


ODD_CODES = ["value", "line", "a.b", "a_b", "a[b]", "a/b", "x'y", "CN", "place", "a_b~1", "day"]


def test_every_code_has_a_line_of_its_own_whatever_it_is_called() -> None:
    values = {code: [1.0, 2.0, float(place)] for place, code in enumerate(ODD_CODES)}
    names = dict.fromkeys(ODD_CODES, "Name")
    chart = lines.lines(frame(values), "value", names, dict.fromkeys(ODD_CODES, "#d80c18"))
    folded = chart.to_dict()["layer"][0]["transform"][0]["fold"]
    assert len(set(folded)) == len(ODD_CODES)
    steps = spec.unchecked(chart)["datasets"]["data-0"]
    assert sorted(steps.row(2, named=True)[name] for name in folded) == [float(n) for n in range(len(ODD_CODES))]
    svg = vl_convert.vegalite_to_svg(chart.to_dict())
    assert svg.count('stroke-width="2.5"') == 2 * len(ODD_CODES), "each line, and the piece of it before its name"


def test_lines_by_age_are_told_in_words() -> None:
    days = frame({"a": [1000, 2000]}).with_columns(age=pl.Series([0, 30], dtype=pl.Int64)).drop("day")
    assert lines.described(days, "value", NAMES, Axes("age")) == (
        "Line chart, 0 to 30 days since release: First from 1.00K to 2.00K."
    )
