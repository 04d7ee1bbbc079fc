"""Shares over days as lines with their names at the right ends; the axis need not begin at 0."""

from collections.abc import Mapping

import altair as alt
import polars as pl

from dashboards.charts import ends as line_ends
from dashboards.charts import line_parts, readings
from dashboards.charts.layered import Layered
from dashboards.data import format

HEIGHT = 300
COLOURS = ("#386a83", "#e16f0e", "#8c41ed")
"""Colours of lines that stand for no country; tests/dashboards/charts/test_colours.py measures them."""

_DASHES = ([1, 0], [7, 3], [2, 2])
_LABEL_SPACE = 130


def shares(days: pl.DataFrame, names: Mapping[str, str], floor: float = 0.0) -> Layered:
    """One line per code of `names`, at most three. `days` has day, code, share; the axis begins at `floor`."""
    gapped = line_parts.with_gaps(days)
    top = _top(gapped, floor)
    codes = list(names)
    x = alt.X(
        "day:T", scale=alt.Scale(type="utc"),
        axis=alt.Axis(title=None, format="%-d %b %Y", grid=False, tickCount=5, labelOverlap=True, labelFlush=True),
    )  # fmt: skip
    axis = alt.Axis(title=None, format=_decimals(top - floor), tickCount=5, domain=False, ticks=False)
    y = alt.Y("share:Q", axis=axis, scale=alt.Scale(domain=[floor, top], nice=False))
    colour = alt.Color("code:N", legend=None, scale=alt.Scale(domain=codes, range=list(COLOURS[: len(codes)])))
    dash = alt.StrokeDash("code:N", legend=None, scale=alt.Scale(domain=codes, range=list(_DASHES[: len(codes)])))
    lines = alt.Chart(_timed(gapped)).mark_line(strokeWidth=2.5, strokeJoin="round")
    lone = alt.Chart(_timed(line_parts.lone_points(gapped, "share"))).mark_point(filled=True, size=34, opacity=1)
    text, pieces = line_ends.names(_ends(gapped, names, floor, top), x, y, colour, dash, _LABEL_SPACE)
    layers = [
        lines.encode(x=x, y=y, color=colour, strokeDash=dash),
        lone.encode(x=x, y=y, color=colour),
        text,
        _readings(gapped, names, x),
        pieces,
    ]
    return Layered(layers, HEIGHT)


def described(days: pl.DataFrame, names: Mapping[str, str]) -> str:
    """The lines in words: first and last known value of each, and the lowest and highest."""
    said = []
    for code, name in names.items():
        known = days.filter((pl.col("code") == code) & pl.col("share").is_not_null()).sort("day")["share"]
        if known.len():
            ends = f"{name} from {format.percent(known[0], 2)} to {format.percent(known[-1], 2)}"
            said.append(f"{ends}, between {format.percent(known.min(), 2)} and {format.percent(known.max(), 2)}")  # type: ignore[arg-type]
    if not said:
        return "A line chart without data."
    first, last = (format.day(day) for day in line_parts.day_range(days))
    return f"Line chart, {first} to {last}: {'; '.join(said)}."


def floor_of(days: pl.DataFrame) -> float:
    """Where an axis may begin so that lines near the top can be told apart: a whole tenth below the lowest value."""
    lowest = days["share"].min()
    return max(int(float(lowest) * 10 - 0.05) / 10, 0.0) if isinstance(lowest, float) else 0.0


def _top(gapped: pl.DataFrame, floor: float) -> float:
    highest = gapped["share"].max()
    highest = float(highest) if isinstance(highest, int | float) and highest > floor else floor + 0.01
    return min(1.0, floor + (highest - floor) * 1.08) if floor else highest * 1.08


def _ends(gapped: pl.DataFrame, names: Mapping[str, str], floor: float, top: float) -> pl.DataFrame:
    above = {code: value - floor for code, value in line_parts.last_values(gapped, "share").items()}
    labels = line_parts.end_labels(above, top - floor, HEIGHT)
    rows = [(gapped["day"].max(), label.code, label.y + floor, names[label.code]) for label in labels]
    schema = {"day": pl.Date, "code": pl.String, "share": pl.Float64, "name": pl.String}
    return _timed(pl.DataFrame(rows, schema=schema, orient="row"))


def _readings(gapped: pl.DataFrame, names: Mapping[str, str], x: alt.X) -> alt.Chart:
    """A rule that follows the pointer and tells the exact figures of its day."""
    told = format.text_column(gapped["share"], lambda share: format.percent(share, 2), unknown=format.UNKNOWN)
    wide = gapped.with_columns(told=told).pivot("code", index="day", values="told")
    wide = wide.with_columns(date=pl.col("day").dt.strftime("%Y-%m-%d"))
    tips = [alt.Tooltip("date:N", title="Day")]
    tips += [alt.Tooltip(f"{code}:N", title=name) for code, name in names.items() if code in wide.columns]
    return readings.rule(_timed(wide), x, "day", tips)


def _decimals(span: float) -> str:
    return ".0%" if span > 0.05 else ".1%" if span > 0.005 else ".2%"


def _timed(frame: pl.DataFrame) -> pl.DataFrame:
    # Milliseconds since 1970 in UTC: a date alone would shift by a day west of Greenwich.
    return frame.with_columns(day=pl.col("day").cast(pl.Datetime("ms")).dt.epoch("ms").cast(pl.Float64))
