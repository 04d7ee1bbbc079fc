"""Lines over months, days or ages, each with a look of its own; names stand at the right, unknown is a gap."""

import math
from collections.abc import Mapping
from typing import Any, Literal

import altair as alt
import polars as pl

from dashboards.charts import ends as line_ends
from dashboards.charts import line_parts, readings
from dashboards.charts.inks import GREY
from dashboards.charts.layered import Layered
from dashboards.charts.looks import Look
from dashboards.data import format

HEIGHT = 400
"""Pixels of the plot on the page; its width follows the screen."""

_MANY = 45
_LABEL_SPACE = 140
_DAY = 86_400_000
"""Milliseconds."""

Over = Literal["month", "day", "age_days"]
Unit = Literal["share", "number", "ratio"]
"""A share stands on an axis from 0 in per cent, a number on one from 0, a ratio on a logarithmic one around 1."""


def curves(frame: pl.DataFrame, looks: Mapping[str, Look], over: Over, unit: Unit) -> Layered:
    """One line per code of `frame` (`over`, code, value), in the order of `looks`. A row without value breaks it.

    A ratio of 0 has no place on a logarithmic axis and is left out.
    """
    shown = _placed(frame, over, unit)
    bottom, top = _range(shown, unit)
    x, y = _x_axis(shown, over), _y_axis(unit, bottom, top)
    line = _styled(alt.Chart(shown).mark_line(strokeWidth=2.5, strokeJoin="round"), x, y, looks)
    dotted = shown if shown["x"].n_unique() <= _MANY else line_parts.lone_points(shown, "y")
    points = _styled(alt.Chart(dotted).mark_point(filled=True, size=36, opacity=1), x, y, looks, dashed=False)
    layers = [*([_one_rule()] if unit == "ratio" else []), line, points]
    layers += _end_labels(shown, looks, over, unit, x, y)
    return Layered([*layers, _readings(shown, looks, x, over, unit)], HEIGHT)


def described(frame: pl.DataFrame, looks: Mapping[str, Look], over: Over, unit: Unit) -> str:
    """The chart in words, for those who do not see it: each line's first and last known value."""
    said = []
    for code, look in looks.items():
        known = frame.filter((pl.col("code") == code) & pl.col("value").is_not_null()).sort(over)
        if known.height:
            first, last = (_told(known["value"][index], unit) for index in (0, -1))
            since, until = (_when(known[over][index], over) for index in (0, -1))
            said.append(f"{look.name} from {first} ({since}) to {last} ({until})")
    return f"Line chart: {'; '.join(said)}." if said else "A line chart without data."


def _placed(frame: pl.DataFrame, over: Over, unit: Unit) -> pl.DataFrame:
    """The rows as drawn: x as a number (milliseconds in UTC, or days), y, and the words of the pointer."""
    value = pl.col("value")
    number = pl.col(over) if over == "age_days" else pl.col(over).cast(pl.Datetime("ms")).dt.epoch("ms")
    drawn = pl.when(value > 0).then(value) if unit == "ratio" else value
    return frame.select(
        pl.col("code"),
        number.cast(pl.Float64).alias("x"),
        drawn.cast(pl.Float64).alias("y"),
        format.text_column(frame["value"], lambda one: _told(one, unit), "told", unknown=format.UNKNOWN),
        format.text_column(frame[over], lambda one: _when(one, over), "when"),
    ).sort("code", "x")


def _styled(marks: alt.Chart, x: alt.X, y: alt.Y, looks: Mapping[str, Look], *, dashed: bool = True) -> alt.Chart:
    drawn: alt.Chart = marks.encode(x=x, y=y, color=_colour(looks))
    if not dashed:
        return drawn
    broken: alt.Chart = drawn.encode(strokeDash=_dashes(looks))
    return broken


def _dashes(looks: Mapping[str, Look]) -> alt.StrokeDash:
    scale = alt.Scale(domain=list(looks), range=[list(look.dash) for look in looks.values()])
    return alt.StrokeDash("code:N", legend=None, scale=scale)


def _colour(looks: Mapping[str, Look]) -> alt.Color:
    scale = alt.Scale(domain=list(looks), range=[look.colour for look in looks.values()])
    return alt.Color("code:N", legend=None, scale=scale)


def _end_labels(
    shown: pl.DataFrame, looks: Mapping[str, Look], over: Over, unit: Unit, x: alt.X, y: alt.Y
) -> list[alt.Chart]:
    """Names at the right edge, clear of each other, and a thin line to each curve that ends before it."""
    ends = shown.filter(pl.col("y").is_not_null()).group_by("code", maintain_order=True).last()
    bottom, top = _range(shown, unit)
    heights = {row["code"]: _height(row["y"], unit, bottom, top) for row in ends.to_dicts()}
    labels = line_parts.end_labels(heights, 1.0, HEIGHT)
    placed = pl.DataFrame(
        {
            "code": [label.code for label in labels],
            "label_y": [_value(label.y, unit, bottom, top) for label in labels],
            "name": [looks[label.code].name for label in labels],
        },
        schema={"code": pl.String, "label_y": pl.Float64, "name": pl.String},
    ).join(ends.select("code", "x", "y"), on="code")
    placed = placed.with_columns(label_x=pl.lit(shown["x"].max(), dtype=pl.Float64))
    early = placed.filter(pl.col("x") < pl.col("label_x"))
    x_label = alt.X("label_x:Q" if over == "age_days" else "label_x:T")
    colour = _colour(looks)
    leaders = alt.Chart(early).mark_rule(strokeWidth=1, opacity=0.7, strokeDash=[1, 3])
    names = line_ends.names(placed, x_label, alt.Y("label_y:Q"), colour, _dashes(looks), _LABEL_SPACE)
    return [leaders.encode(x=x, y=y, x2=alt.X2("label_x"), y2=alt.Y2("label_y"), color=colour), *names]


def _readings(shown: pl.DataFrame, looks: Mapping[str, Look], x: alt.X, over: Over, unit: Unit) -> alt.Chart:
    """A rule that follows the pointer and tells the exact figures where it stands."""
    drawn = [code for code in looks if code in set(shown["code"])]
    wide = shown.pivot("code", index=["x", "when"], values="told")
    wide = wide.rename({code: f"line{index}" for index, code in enumerate(drawn)})
    title = {"month": "Month", "day": "Day", "age_days": "Since release"}[over]
    tips = [alt.Tooltip("when:N", title=title)]
    tips += [alt.Tooltip(f"line{index}:N", title=looks[code].name) for index, code in enumerate(drawn)]
    return readings.rule(wide, x, "x", tips)


def _one_rule() -> alt.Chart:
    rule = alt.Chart(pl.DataFrame({"y": [1.0]})).mark_rule(color=GREY, strokeWidth=1.5, strokeDash=[4, 3])
    placed: alt.Chart = rule.encode(y=alt.Y("y:Q"))
    return placed


def _range(shown: pl.DataFrame, unit: Unit) -> tuple[float, float]:
    known = shown["y"].drop_nulls().to_list()
    if unit == "ratio":
        around = [1.0, *known]
        return min(around) / 1.35, max(around) * 1.35
    return 0.0, max(known, default=0.0) * 1.08 or 1.0


def _height(value: float, unit: Unit, bottom: float, top: float) -> float:
    """Where a value stands between the ends of the axis, 0 to 1."""
    if unit == "ratio":
        return math.log(value / bottom) / math.log(top / bottom)
    return value / top


def _value(height: float, unit: Unit, bottom: float, top: float) -> float:
    return bottom * math.exp(height * math.log(top / bottom)) if unit == "ratio" else height * top


def _x_axis(shown: pl.DataFrame, over: Over) -> alt.X:
    if over == "age_days":
        ages = sorted(shown["x"].unique())
        axis = alt.Axis(title="Days since release", values=ages, format="d", grid=False)
        return alt.X("x:Q", axis=axis, scale=alt.Scale(type="log", nice=False))
    steps = shown["x"].unique().sort().to_list()
    text = "%-d %b %Y" if over == "day" and steps[-1] - steps[0] <= 120 * _DAY else "%b %Y"
    months: Any = {"interval": "month", "step": math.ceil(len(steps) / 8)}
    ticks: dict[str, Any] = {"tickCount": months if over == "month" else 6}
    axis = alt.Axis(title=None, format=text, grid=False, labelOverlap=True, labelFlush=True, **ticks)
    return alt.X("x:T", axis=axis, scale=alt.Scale(type="utc"))


def _y_axis(unit: Unit, bottom: float, top: float) -> alt.Y:
    ends = [bottom, top]
    if unit == "ratio":
        axis = alt.Axis(title=None, values=_ratios(bottom, top), format="~g", domain=False, ticks=False)
        return alt.Y("y:Q", axis=axis, scale=alt.Scale(type="log", domain=ends, nice=False))
    text = "~g" if unit == "number" else ".0%" if top > 0.05 else ".1%"
    axis = alt.Axis(title=None, format=text, tickCount=5, domain=False, ticks=False)
    return alt.Y("y:Q", axis=axis, scale=alt.Scale(domain=ends, nice=False))


def _ratios(bottom: float, top: float) -> list[float]:
    """Round figures between the ends of a logarithmic axis."""
    powers = range(math.floor(math.log10(bottom)), math.ceil(math.log10(top)) + 1)
    steps = (1, 2, 5) if top / bottom < 1000 else (1,)
    return [step * 10.0**power for power in powers for step in steps if bottom <= step * 10.0**power <= top]


def _told(value: float | None, unit: Unit) -> str:
    if value is None:
        return format.UNKNOWN
    return format.percent(value, 2) if unit == "share" else f"{value:,.2f}"


def _when(point: Any, over: Over) -> str:
    if over == "age_days":
        return f"{point} days"
    return f"{point:%B %Y}" if over == "month" else str(point)
