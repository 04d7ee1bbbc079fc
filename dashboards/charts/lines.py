"""Lines over days: one a code, gaps left open, names at their right ends."""

from collections.abc import Mapping
from typing import Any, Literal

import altair as alt
import polars as pl

from dashboards import format, palette
from dashboards.charts import series

HEIGHT = 400
"""Pixels of the plot on the page; its width follows the screen."""

_FEW_DAYS = 45
_LABEL_SPACE = 130
_COUNT_AXIS = "replace(format(datum.value, '~s'), 'G', 'B')"

View = Literal["share", "value"]


def lines(frame: pl.DataFrame, view: View, names: Mapping[str, str], colours: Mapping[str, str]) -> alt.LayerChart:
    """One line per code over days. A day without data breaks the line; names stand at the right ends.

    `frame` has day, code, value, share; `names` and `colours` are by code.
    """
    gapped = series.with_gaps(frame)
    top = _top(gapped, view)
    base = _timed(gapped)
    x, y = _x_axis(gapped), _y_axis(view, top)
    colour = alt.Color("code:N", legend=None, scale=alt.Scale(domain=list(colours), range=list(colours.values())))
    dash = alt.StrokeDash(
        "code:N", legend=None, scale=alt.Scale(domain=list(colours), range=[palette.dash(code) for code in colours])
    )
    few = gapped["day"].n_unique() <= _FEW_DAYS
    marks = base if few else _timed(series.lone_points(gapped, view))
    line = (
        alt.Chart(base).mark_line(strokeWidth=2.5, strokeJoin="round").encode(x=x, y=y, color=colour, strokeDash=dash)
    )
    points = alt.Chart(marks).mark_point(filled=True, size=34, opacity=1).encode(x=x, y=y, color=colour)
    layers = [line, points, _end_labels(gapped, view, top, names, x, y, colour), _readings(gapped, view, names, x)]
    return alt.LayerChart(layer=layers).properties(height=HEIGHT)


def described(frame: pl.DataFrame, view: View, names: Mapping[str, str]) -> str:
    """The chart in words, for those who do not see it: each line's first and last known value."""
    said = []
    for code, last in series.last_values(frame, view).items():
        known = frame.filter((pl.col("code") == code) & pl.col(view).is_not_null()).sort("day")
        first = float(known[view][0])
        said.append(f"{names[code]} from {_shown(first, view)} to {_shown(last, view)}")
    if frame.is_empty() or not said:
        return "A line chart without data."
    start, end = (format.long_day(day) for day in series.day_range(frame))
    return f"Line chart, {start} to {end}: {'; '.join(said)}."


def _end_labels(
    gapped: pl.DataFrame, view: View, top: float, names: Mapping[str, str], x: alt.X, y: alt.Y, colour: alt.Color
) -> alt.Chart:
    labels = series.end_labels(series.last_values(gapped, view), top, HEIGHT)
    placed = pl.DataFrame(
        {
            "code": [label.code for label in labels],
            view: [label.y for label in labels],
            "name": [names[label.code] for label in labels],
        },
        schema={"code": pl.String, view: pl.Float64, "name": pl.String},
    ).with_columns(day=pl.lit(gapped["day"].max(), dtype=pl.Date))
    text = alt.Chart(_timed(placed)).mark_text(align="left", dx=8, fontSize=12, fontWeight=600, limit=_LABEL_SPACE)
    labelled: alt.Chart = text.encode(x=x, y=y, color=colour, text="name:N")
    return labelled


def _readings(gapped: pl.DataFrame, view: View, names: Mapping[str, str], x: alt.X) -> alt.Chart:
    """A rule that follows the pointer and tells the exact figures of its day."""
    order = list(series.last_values(gapped, view))
    told = gapped.with_columns(told=pl.struct("value", "share").map_elements(_told, return_dtype=pl.String))
    wide = told.pivot("code", index="day", values="told").with_columns(date=pl.col("day").dt.strftime("%Y-%m-%d"))
    wide = wide.rename({code: f"line{index}" for index, code in enumerate(order)})
    tips = [alt.Tooltip("date:N", title="Day")]
    tips += [alt.Tooltip(f"line{index}:N", title=names[code]) for index, code in enumerate(order)]
    pointed = alt.selection_point(name="pointed", nearest=True, on="pointerover", fields=["day"], empty=False)
    rule = alt.Chart(_timed(wide)).mark_rule(color="#8a8f98", strokeWidth=1)
    opacity = alt.when(pointed).then(alt.value(0.8)).otherwise(alt.value(0))
    following: alt.Chart = rule.encode(x=x, opacity=opacity, tooltip=tips).add_params(pointed)
    return following


def _told(figures: Mapping[str, Any]) -> str:
    return f"{format.percent(figures['share'], 2)} ({format.exact(figures['value'])})"


def _shown(value: float, view: View) -> str:
    return format.percent(value) if view == "share" else format.compact(value)


def _top(gapped: pl.DataFrame, view: View) -> float:
    highest = gapped[view].max() if gapped.height else None
    return float(highest) * 1.08 if isinstance(highest, int | float) and highest > 0 else 1.0


def _x_axis(gapped: pl.DataFrame) -> alt.X:
    first, last = series.day_range(gapped)
    days = (last - first).days
    text = "%-d %b" if days <= 120 else "%b %Y"
    axis = alt.Axis(
        title=None, format=text, grid=False, tickCount=min(max(days, 1), 6), labelOverlap=True, labelFlush=True
    )
    return alt.X("day:T", axis=axis, scale=alt.Scale(type="utc"))


def _y_axis(view: View, top: float) -> alt.Y:
    if view == "share":
        axis = alt.Axis(title=None, format=".0%" if top > 0.05 else ".1%", tickCount=5, domain=False, ticks=False)
    else:
        axis = alt.Axis(title=None, labelExpr=_COUNT_AXIS, tickCount=5, domain=False, ticks=False)
    return alt.Y(f"{view}:Q", axis=axis, scale=alt.Scale(domain=[0, top], nice=False))


def _timed(frame: pl.DataFrame) -> pl.DataFrame:
    # Milliseconds since 1970 in UTC: a date alone would shift by a day west of Greenwich.
    return frame.with_columns(day=pl.col("day").cast(pl.Datetime("ms")).dt.epoch("ms").cast(pl.Float64))
