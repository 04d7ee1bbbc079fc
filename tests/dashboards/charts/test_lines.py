"""Line charts: gaps, scales, steps, names at the right, the pointer, leaders and events."""

from datetime import date, timedelta
from itertools import pairwise
from typing import Any

import polars as pl
import pytest
import vl_convert

from dashboards.charts import lines
from dashboards.charts.axes import Axes, Ruler
from dashboards.charts.colours import LineStyle
from dashboards.charts.figure import browser_spec
from tests.dashboards.charts.vega import evaluate

FIRST = date(2026, 8, 3)
STYLES = {"a": LineStyle("First", "#d80c18"), "b": LineStyle("<b>Second</b>", "#306cc0", (7, 3))}
Rows = list[dict[str, Any]]


def frame(values: dict[str, list[float | None]], step: int = 1) -> pl.DataFrame:
    """Values of each code from the first day on, every `step` days; None means no row."""
    rows = [
        (FIRST + timedelta(days=place * step), code, value, None, None)
        for code, column in values.items()
        for place, value in enumerate(column)
        if value is not None
    ]
    schema = {"day": pl.Date, "code": pl.String, "value": pl.Float64, "share": pl.Float64, "index": pl.Float64}
    return pl.DataFrame(rows, schema=schema, orient="row")


def by_age(days: pl.DataFrame) -> pl.DataFrame:
    """The same lines by days since the first day."""
    return days.with_columns(age=(pl.col("day") - FIRST).dt.total_days()).drop("day")


def checkpoints(*rows: tuple[int, str, float | None]) -> pl.DataFrame:
    """Ages with a code and a value."""
    return pl.DataFrame(list(rows), schema={"age": pl.Int64, "code": pl.String, "value": pl.Float64}, orient="row")


RATIO = Axes("age", "checkpoint", "log", unit="ratio")


def drawn(days: pl.DataFrame, axes: Axes = Axes(), **options: Any) -> tuple[dict[str, Any], list[Rows]]:
    """The checked specification, and the rows of each layer; each line has a column of its values."""
    spec = lines.lines(days, "value", STYLES, axes, **options).altair().to_dict()
    return spec, [spec["datasets"][layer["data"]["name"]] for layer in spec["layer"]]


def pointed(days: pl.DataFrame, axes: Axes = Axes()) -> dict[str, list[str]]:
    """Column -> what the tooltip shows at each step."""
    spec, layers = drawn(days, axes)
    return {each["as"]: evaluate(each["calculate"], layers[3]) for each in spec["layer"][3]["transform"]}


def test_logarithmic_axis_leaves_out_zeros_only() -> None:
    spec, (line, *_) = drawn(frame({"a": [0, 10, 0, 100_000], "b": [1, 2, 3, 4]}), Axes(scale="log"))
    assert [row["a"] for row in line] == [None, 10, None, 100_000]
    scale = spec["layer"][0]["encoding"]["y"]["scale"]
    assert scale["type"] == "log" and 0 < scale["domain"][0] < 1 and scale["domain"][1] > 100_000


def test_logarithmic_axis_without_positive_values_is_still_a_chart() -> None:
    _, (line, *_) = drawn(frame({"a": [0, 0], "b": [0, 0]}), Axes(scale="log"))
    assert {row[name] for row in line for name in ("a", "b")} == {None}


@pytest.mark.parametrize("scale", ["linear", "log"])
def test_names_at_the_ends_do_not_overlap(scale: Any) -> None:
    days = frame({"a": [1, 1000], "b": [1, 1001]})
    ruler = Ruler.over(days, "value", Axes(scale=scale))
    _, (_, _, labels, *_) = drawn(days, Axes(scale=scale))
    heights = sorted(ruler.part(row["value"]) * lines.HEIGHT for row in labels)
    assert all(after - before >= 15 - 1e-6 for before, after in pairwise(heights))
    assert all(abs(height - ruler.part(1000) * lines.HEIGHT) < 16 for height in heights)
    assert {row["name"] for row in labels} == {style.name for style in STYLES.values()}


@pytest.mark.parametrize("unit", ["share", "number", "ratio"])
def test_names_are_in_the_order_of_their_lines_in_every_unit(unit: Any) -> None:
    ends = {"a": 0.9, "b": 0.5, "c": 0.49, "d": 0.48}
    styles = {code: LineStyle(code, "#111111") for code in ends}
    rows = checkpoints(*((7, code, value) for code, value in ends.items()))
    axes = RATIO if unit == "ratio" else Axes("age", "checkpoint", unit=unit)
    spec = lines.lines(rows, "value", styles, axes).altair().to_dict()
    labels = sorted(spec["datasets"][spec["layer"][2]["data"]["name"]], key=lambda row: -row["value"])
    assert [row["name"] for row in labels] == sorted(ends, key=lambda code: -ends[code])
    assert all(above["value"] > below["value"] for above, below in pairwise(labels))


def test_names_follow_a_sample_of_their_line() -> None:
    spec, _ = drawn(frame({"a": [1, 2], "b": [3, 4]}))
    text, sample = spec["layer"][2], spec["layer"][4]
    assert text["mark"]["type"] == "text" and "color" not in text["encoding"] and "color" not in text["mark"]
    assert sample["encoding"]["color"]["scale"]["range"] == ["#d80c18", "#306cc0"]
    assert sample["encoding"]["strokeDash"]["scale"]["range"] == [[1, 0], [7, 3]]


def test_end_and_pointer_show_the_shorter_name() -> None:
    styles = {"a": LineStyle("owner/model", "#d80c18", label="model")}
    spec = lines.lines(frame({"a": [1, 2]}), "value", styles).altair().to_dict()
    [label] = spec["datasets"][spec["layer"][2]["data"]["name"]]
    assert label["name"] == "model"
    assert [tip["title"] for tip in spec["layer"][3]["encoding"]["tooltip"]] == ["Day", "model"]


@pytest.mark.parametrize(
    ("axes", "every"), [(Axes(), 1), (Axes(step="week"), 7), (Axes("age", "week"), 7), (Axes("age"), 1)]
)  # fmt: skip
def test_step_without_a_row_breaks_the_line(axes: Axes, every: int) -> None:
    days = frame({"a": [5, None, 7, 8], "b": [1, 2, None, 4]}, every)
    _, (line, *_) = drawn(by_age(days) if axes.x == "age" else days, axes)
    values = {code: [row[code] for row in line] for code in "ab"}
    assert values == {"a": [5, None, 7, 8], "b": [1, 2, None, 4]}


def test_lines_without_known_values_are_a_chart_without_names() -> None:
    days = frame({"a": [1, 2]}).with_columns(value=pl.lit(None, pl.Float64))
    _, (line, _, labels, *_) = drawn(days)
    assert [row["a"] for row in line] == [None, None] and labels == []


def test_null_breaks_a_line_but_a_missing_row_does_not() -> None:
    rows = checkpoints((7, "a", 1.0), (14, "b", 1.0), (30, "a", 2.0), (30, "b", None), (60, "b", 4.0))
    spec, (line, *_) = drawn(rows, RATIO)
    assert spec["layer"][0]["transform"][1] == {"filter": "datum[datum.line + ' listed']"}
    assert [(row["age"], row["a listed"], row["b listed"], row["b"]) for row in line] == [
        (7, True, False, None), (14, False, True, 1.0), (30, True, True, None), (60, False, True, 4.0),
    ]  # fmt: skip


def test_leader_runs_from_a_line_that_ends_early_to_its_name() -> None:
    spec, layers = drawn(checkpoints((7, "a", 3.0), (7, "b", 1.0), (90, "b", 2.0)), RATIO)
    [place] = [number for number, layer in enumerate(spec["layer"]) if "label_x" in str(layer["encoding"].get("x2"))]
    assert [(row["line"], row["age"], row["label_x"]) for row in layers[place]] == [("a", 7, 90)]
    whole, _ = drawn(frame({"a": [1, 2], "b": [1, 9]}))
    assert not any("label_x" in str(layer["encoding"].get("x2")) for layer in whole["layer"])


def test_name_moved_off_its_line_is_joined_to_it() -> None:
    days = {"a": [1.0, 100.0], "b": [1.0, 100.0]}
    spec, layers = drawn(frame(days))
    joined = [rows for layer, rows in zip(spec["layer"], layers, strict=True) if "x2Offset" in layer["mark"]
              and "label_x" in str(layer["encoding"]["x2"])]  # fmt: skip
    assert [(row["value"], row["label_y"] != 100) for (row,) in joined] == [(100, True)]


def test_panel_is_in_the_browser_and_not_in_files() -> None:
    chart = lines.lines(frame({"a": [1, 2], "b": [3, 4]}), "value", STYLES)
    for spec, has_panel in ((browser_spec(chart), True), (chart.altair().to_dict(), False)):
        names = [layer.get("name", "") for layer in spec["layer"]]
        assert ("panel_figure" in names) == has_panel
        assert ("tooltip" in spec["layer"][3]["encoding"]) != has_panel
    spec = browser_spec(chart)
    spec["datasets"] = {name: rows.to_dicts() for name, rows in spec["datasets"].items()}
    assert "y()" in str(vl_convert.vegalite_to_vega(spec)), "compiles"


EVENTS = pl.DataFrame(
    {
        "event_date": [FIRST - timedelta(days=1), FIRST, FIRST + timedelta(days=2), FIRST + timedelta(days=9)],
        "kind": ["release", "rollback", "counting-rule", "platform"],
        "title": ["before", "first", "inside", "after"],
    }
)


def test_events_are_marked_within_the_days_of_the_chart() -> None:
    spec, layers = drawn(frame({"a": [1, 2, 3], "b": [1, 2, 3]}), events=EVENTS)
    assert [row["title"] for row in layers[-1]] == ["first", "inside"]
    assert layers[-1] == layers[-2], "a rule and its triangle"
    assert "title" in [tip["field"] for tip in spec["layer"][-1]["encoding"]["tooltip"]]


def test_events_without_an_age_or_without_rows_add_no_layer() -> None:
    days = frame({"a": [1, 2, 3]})
    without = len(drawn(days)[0]["layer"])
    assert len(drawn(by_age(days), Axes("age"), events=EVENTS)[0]["layer"]) == without
    assert len(drawn(days, events=EVENTS.clear())[0]["layer"]) == without


def test_event_with_an_age_is_marked_on_its_line() -> None:
    events = EVENTS.slice(2, 1).with_columns(age=pl.lit(1, pl.Int64), value=pl.lit(2.0))
    spec, layers = drawn(by_age(frame({"a": [1, 2, 3]})), Axes("age"), events=events)
    assert [(row["age"], row["value"], row["date"]) for row in layers[-1]] == [(1, 2.0, "5 Aug 2026")]
    assert [spec["layer"][-1]["encoding"][axis]["field"] for axis in "xy"] == ["age", "value"]


def test_pointer_shows_index_and_count_or_unknown() -> None:
    days = frame({"a": [1000, None, 3], "b": [1, 2, 3]}).with_columns(
        index=pl.when(pl.col("code") == "a").then(pl.col("value") / 10)
    )
    assert pointed(days, Axes(scale="log")) == {
        "place": ["3 Aug 2026", "4 Aug 2026", "5 Aug 2026"],
        "a text": ["100.0 (1,000)", "unknown", "0.3 (3)"],
        "b text": ["1", "2", "3"],
    }


def test_pointer_shows_zeros_that_a_logarithmic_axis_leaves_out() -> None:
    assert pointed(frame({"a": [0, 5]}), Axes(scale="log"))["a text"] == ["0", "5"]
    assert pointed(checkpoints((7, "a", 0.0), (14, "a", 2.0)), RATIO)["a text"] == ["0.00", "2.00"]


def test_pointer_shows_shares_with_their_counts() -> None:
    days = frame({"a": [3000, 1], "b": [1000, None]})
    days = days.with_columns(share=pl.col("value") / pl.col("value").sum().over("day") * 0.4)
    texts = pointed(days)
    assert texts["a text"] == ["30.00% (3,000)", "40.00% (1)"]
    assert texts["b text"] == ["10.00% (1,000)", "unknown"]


def test_pointer_names_months() -> None:
    days = pl.DataFrame({"day": [date(2026, 1, 1), date(2026, 2, 1)], "code": ["a", "a"], "value": [0.5, None]})
    assert pointed(days, Axes(step="month", unit="share")) == {
        "place": ["January 2026", "February 2026"], "a text": ["50.00%", "unknown"],
    }  # fmt: skip


ODD_CODES = ["value", "line", "a.b", "a_b", "a[b]", "a/b", "x'y", "CN", "place", "a_b~1", "day"]


def test_every_code_has_its_own_line_whatever_its_characters() -> None:
    values: dict[str, list[float | None]] = {code: [1.0, 2.0, float(place)] for place, code in enumerate(ODD_CODES)}
    chart = lines.lines(frame(values), "value", dict.fromkeys(ODD_CODES, LineStyle("Name", "#d80c18")))
    spec = chart.altair().to_dict()
    folded = spec["layer"][0]["transform"][0]["fold"]
    assert len(set(folded)) == len(ODD_CODES)
    steps = browser_spec(chart)["datasets"]["data-0"]
    assert sorted(steps.row(2, named=True)[name] for name in folded) == [float(n) for n in range(len(ODD_CODES))]
    svg = vl_convert.vegalite_to_svg(spec)
    assert svg.count('stroke-width="2.5"') == 2 * len(ODD_CODES), "each line, and its sample before its name"


@pytest.mark.parametrize(
    ("rows", "axes", "text"),
    [
        (
            frame({"a": [1000, None, 2000], "b": [None, 3000]}), Axes(),
            "Line chart, 3 days to 5 Aug 2026: <b>Second</b> from 3.00K to 3.00K; First from 1.00K to 2.00K.",
        ),
        (
            checkpoints((0, "a", 1000), (30, "a", 2000)), Axes("age"),
            "Line chart, 0 to 30 days since release: First from 1.00K to 2.00K.",
        ),
        (
            frame({"a": [0.5, 0.25]}, 31), Axes(step="month", unit="share"),
            "Line chart, August 2026 to September 2026: First from 50.0% to 25.0%.",
        ),
        (
            checkpoints((7, "a", 0.5), (30, "a", 1.25), (7, "b", 3.0), (30, "b", None)), RATIO,
            "Line chart, 7 to 30 days since release: <b>Second</b> from 3.00 to 3.00; First from 0.50 to 1.25.",
        ),
        (checkpoints((7, "a", None)), RATIO, "A line chart without data."),
        (frame({}), Axes(), "A line chart without data."),
    ],
    ids=["days", "ages", "months", "ratio", "nothing known", "no rows"],
)  # fmt: skip
def test_alternative_text_has_the_first_and_last_value_of_each_line(rows: pl.DataFrame, axes: Axes, text: str) -> None:
    assert lines.described(rows, "value", STYLES, axes) == text


@pytest.mark.parametrize(
    ("lowest", "floor"), [(0.983, 0.9), (0.9, 0.8), (0.95, 0.9), (0.51, 0.5), (0.05, 0.0), (0.0, 0.0), (1.0, 0.9)]
)
def test_raised_floor_is_a_tenth_below_the_lowest_value(lowest: float, floor: float) -> None:
    assert lines.raised_floor(pl.Series([lowest, 1.0])) == pytest.approx(floor)


def test_raised_floor_without_values_is_zero() -> None:
    assert lines.raised_floor(pl.Series([None], dtype=pl.Float64)) == 0.0


def test_axis_begins_at_the_floor_and_ends_at_one() -> None:
    spec, _ = drawn(frame({"a": [0.9, None, 0.98]}), Axes(unit="share", floor=0.6))
    assert spec["layer"][0]["encoding"]["y"]["scale"]["domain"] == [0.6, 1.0]


def test_line_is_interrupted_at_a_break() -> None:
    on = FIRST + timedelta(days=2)
    events = pl.DataFrame({"event_date": [on], "kind": ["break"], "title": ["30 models before, 900 since"]})
    _, (line, _, _, pointer, *_) = drawn(frame({"a": [1, 2, 3, 4]}), events=events)
    assert [row["a"] for row in line] == [1, 2, None, 3, 4]
    assert [row["a"] for row in pointer] == [1, 2, 3, 4]


def test_day_after_a_break_at_the_end_has_a_dot() -> None:
    on = FIRST + timedelta(days=59)
    events = pl.DataFrame({"event_date": [on], "kind": ["break"], "title": ["30 models before, 900 since"]})
    days = frame({"a": list(range(1, 61))})
    assert [[row["value"] for row in drawn(days, events=shown)[1][1]] for shown in (events, None)] == [[60], []]
