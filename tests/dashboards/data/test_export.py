"""Downloads: CSV that is safe in spreadsheets, exact Parquet, images with all texts of a figure."""

import csv
import io
import json
import re
from datetime import UTC, date, datetime
from decimal import Decimal
from html import unescape

import polars as pl
import pytest

from dashboards.charts import lines
from dashboards.charts.axes import View
from dashboards.charts.colours import ORIGINS, group_styles
from dashboards.charts.figure import EXPORT_WIDTH, Figure, export_spec
from dashboards.data import export
from dashboards.text.report import short_licence

NAMES = {"CN": "China", "US": "United States", "other": "Other origins"}
STYLES = group_styles("country", NAMES)


def figure(days: int = 3, view: View = "share") -> Figure:
    """A figure of some days of three lines."""
    rows = [
        (date.fromordinal(date(2026, 8, 1).toordinal() + day), code, 100.0 * place, place / 10)
        for day in range(days)
        for place, code in enumerate(NAMES, start=1)
    ]
    frame = pl.DataFrame(rows, schema=["day", "code", "value", "share"], orient="row")
    chart = lines.lines(frame, view, STYLES)
    return Figure("a-name", chart, "A title", "A subtitle", "Simulated data. A footnote.", "", frame)


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠"])
def test_formulas_in_text_get_an_apostrophe(start: str) -> None:
    frame = pl.DataFrame({"name": [f"{start}cmd()", "a=b", None], "number": [-1.5, 2.0, None]})
    rows = list(csv.reader(io.StringIO(export.csv_bytes(frame).decode(), newline="")))
    assert rows == [["name", "number"], [f"'{start}cmd()", "-1.5"], ["a=b", "2"], ["", ""]]


def test_small_numbers_have_no_exponent() -> None:
    frame = pl.DataFrame({"share": [6.192132376910584e-6]})
    assert export.csv_bytes(frame) == b"share\n0.000006192132376910584\n"


def test_formulas_in_column_names_get_an_apostrophe() -> None:
    frame = pl.DataFrame({"=cmd()": [1], "a=b": [2], "-1": ["x"]})
    assert export.csv_bytes(frame) == b"'=cmd(),a=b,'-1\n1,2,x\n"


def test_simulated_rows_are_labelled() -> None:
    frame = pl.DataFrame({"value": [1, 2]})
    assert export.labelled(frame, is_simulated=True).rows() == [(1, True), (2, True)]
    assert export.labelled(frame, is_simulated=False) is frame


def test_parquet_keeps_values_and_types() -> None:
    columns = {
        "name": ["=cmd()", "a,b\n", None],
        "number": [-1.5, 2.0, None],
        "count": [2**53 + 1, -1, None],
        "exact": [Decimal("12345678901234567890.5"), Decimal(0), None],
        "day": [date(2026, 8, 19), date(1, 1, 1), None],
        "at": [datetime(2026, 8, 19, 12, 30, tzinfo=UTC), datetime(9999, 12, 31, tzinfo=UTC), None],
    }
    frame = pl.DataFrame(columns)
    read = pl.read_parquet(io.BytesIO(export.parquet_bytes(frame)))
    assert read.schema == frame.schema
    assert read.to_dict(as_series=False) == columns


def test_readable_rows_have_the_latest_day_first_and_whole_numbers() -> None:
    days = {"day": [date(2026, 8, 1), date(2026, 8, 2), date(2026, 8, 2)], "code": ["CN", "CN", "US"]}
    figures = {"name": ["China", "China", "US"], "value": [1.5, 100.4, 2000.6], "index": [None, None, None]}
    frame = pl.DataFrame(days | figures, schema_overrides={"index": pl.Float64})
    shown = export.readable(frame.with_columns(share=pl.col("value") / 4000))
    assert shown.columns == ["day", "name", "value", "share"]
    assert shown["value"].to_list() == [2001, 100, 2] and shown["day"].to_list()[::2] == [
        date(2026, 8, 2),
        date(2026, 8, 1),
    ]
    assert export.readable(frame.clear()).height == 0


def test_parquet_without_rows_keeps_its_columns() -> None:
    frame = pl.DataFrame(schema={"day": pl.Date, "share": pl.Float64})
    assert pl.read_parquet(io.BytesIO(export.parquet_bytes(frame))).schema == frame.schema


def test_image_has_title_subtitle_footnote_and_names() -> None:
    svg = export.svg_bytes(export_spec(figure())).decode()
    for text in ("A title", "A subtitle", "Simulated data. A footnote.", *NAMES.values()):
        assert text in svg


def test_image_ends_with_licence_and_address() -> None:
    origin = f"{short_licence(['crawl', 'hub-weekly'])} https://tracker.example/compare?scale=Log"
    svg = export.svg_bytes(export_spec(figure(), origin)).decode()
    lines = [unescape(text) for text in re.findall(r"<text[^>]*>([^<]+)</text>", svg)]
    ending = "Days imported from hub-weekly are under ODbL-1.0. https://tracker.example/compare?scale=Log"
    assert f"Licence: Apache-2.0. {ending}" in " ".join(lines)
    assert short_licence(["crawl"]) == "Licence: Apache-2.0."


def test_png_has_the_export_size() -> None:
    png = export.png_bytes(export_spec(figure()))
    assert png.startswith(b"\x89PNG")
    assert int.from_bytes(png[16:20], "big") > EXPORT_WIDTH


@pytest.mark.parametrize(
    ("days", "view"),
    [
        (1, "share"), (2, "value"), (2000, "share"),
        *(pytest.param(days, view, marks=pytest.mark.slow) for days, view in
          ((1, "value"), (2, "share"), (60, "share"), (60, "value"), (2000, "value"))),
    ],
)  # fmt: skip
def test_any_number_of_days_can_be_drawn(days: int, view: View) -> None:
    spec = export_spec(figure(days, view))
    assert export.svg_bytes(spec).startswith(b"<svg")


def test_every_line_has_its_colour() -> None:
    svg = export.svg_bytes(export_spec(figure())).decode()
    for code in NAMES:
        assert ORIGINS[code] in svg


def test_specification_has_texts_and_data() -> None:
    spec = json.loads(export.spec_bytes(export_spec(figure())))
    assert spec["title"]["text"] == "A title" and spec["$schema"].startswith(
        "https://vega.github.io/schema/vega-lite/v6"
    )
    assert any("CN" in row for rows in spec["datasets"].values() for row in rows)
