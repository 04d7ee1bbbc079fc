"""The parts of a line chart: gaps, names at the right, the pointer with its exact figures, event marks."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import altair as alt
import polars as pl

from dashboards.charts.axes import Axes, Unit
from dashboards.charts.colours import GREY
from dashboards.data import format

LINE_HEIGHT = 15
"""Pixels between two names."""

LABEL_SPACE, LABEL_LETTERS = 150, 23
"""Pixels and characters for a name and its value; longer names are cut."""

SAMPLE_FROM, _SAMPLE_TO = 7, 25
"""Pixels right of the plot between which a sample of the line is drawn."""

POINTED = "pointed"
"""The selection of the step under the pointer."""

BREAK = "break"
"""Kind of the events at which lines are interrupted."""


@dataclass(frozen=True, slots=True)
class EndLabel:
    """The name of a line at its right end."""

    code: str
    y: float
    """Height in units of the axis: as near to the line as the other labels allow."""


def with_gaps(frame: pl.DataFrame, axes: Axes = Axes()) -> pl.DataFrame:
    """`frame` (day or age, code, ...) with a row for every step and code in its range, null where there was none.

    A line breaks at such a row instead of running through it.
    """
    if frame.is_empty():
        return frame
    steps = pl.LazyFrame({axes.x: _steps(frame, axes)}, schema={axes.x: frame.schema[axes.x]})
    every = pl.LazyFrame({"code": frame["code"].unique().sort()}).join(steps, how="cross", maintain_order="left_right")
    filled = every.join(frame.lazy(), on=[axes.x, "code"], how="left", maintain_order="left")
    return filled.select(axes.x, "code", pl.exclude(axes.x, "code")).collect()


def broken(steps: pl.DataFrame, events: pl.DataFrame | None) -> pl.DataFrame:
    """`steps` (a row per day) with a row without values at each break, so that no line runs through it."""
    if events is None or events.is_empty() or "day" not in steps.columns:
        return steps
    days = events.filter(pl.col("kind") == BREAK)["event_date"].unique().sort()
    parts, rest = [], steps
    for day in days:
        parts.append(rest.filter(pl.col("day") < day))
        rest = rest.filter(pl.col("day") >= day)
        parts.append(rest.head(1).select("day"))
    return pl.concat([*parts, rest], how="diagonal").select(steps.columns) if parts else steps


def lone_points(frame: pl.DataFrame, column: str, events: pl.DataFrame | None = None) -> pl.DataFrame:
    """The rows of a frame from `with_gaps` without a known neighbour on their side of a break of `events`.

    A line alone would not show them.
    """
    known, code = pl.col(column).is_not_null(), pl.col("code")
    begins = pl.lit(False)
    if events is not None and events.height and "day" in frame.columns:
        begins = pl.col("day").is_in(events.filter(pl.col("kind") == BREAK)["event_date"].to_list())
    before = known.shift(1, fill_value=False) & code.eq_missing(code.shift(1)) & ~begins
    after = known.shift(-1, fill_value=False) & code.eq_missing(code.shift(-1)) & ~begins.shift(-1, fill_value=False)
    return frame.filter(known & ~before & ~after)


def line_ends(frame: pl.DataFrame, column: str, x: str = "day") -> dict[str, tuple[Any, float]]:
    """Code -> the last day or age with a known value of `column`, and the value, largest first."""
    known = frame.lazy().filter(pl.col(column).is_not_null()).sort(x).group_by("code").agg(pl.col(x, column).last())
    ordered = known.sort(column, "code", descending=[True, False]).collect()
    return {code: (place, value) for code, place, value in ordered.iter_rows()}


def end_labels(ends: Mapping[str, float], top: float, height: int, line_height: int = LINE_HEIGHT) -> list[EndLabel]:
    """Labels for lines that end at the values `ends`, moved apart so that they do not overlap.

    The axis runs from 0 to `top` over `height` pixels; labels keep `line_height` pixels between them.
    """
    if not ends or top <= 0:
        return []
    pixels = sorted((value / top * height, code) for code, value in ends.items())
    placed = _spread([pixel for pixel, _ in pixels], line_height, height)
    return [EndLabel(code, pixel / height * top) for pixel, (_, code) in zip(placed, pixels, strict=True)]


def end_names(labels: pl.DataFrame, x: alt.X, y: alt.Y, line: Mapping[str, Any]) -> list[alt.Chart]:
    """The `name` and `last` value of each row at `x` and `y`, in the text colour of the page, after a sample of a line.

    `line` has the encodings of the line: colour, dash and width.

    Line colours have a contrast of 3:1 with the page, which is enough for a line but not for text of 12 pixels.
    """
    base = alt.Chart(labels.with_columns(label=pl.format("{} {}", "name", "last")))
    text = base.mark_text(align="left", dx=_SAMPLE_TO + 5, fontSize=12, fontWeight=600, limit=LABEL_SPACE)
    sample: Any = base.mark_rule(xOffset=SAMPLE_FROM, x2Offset=_SAMPLE_TO)
    return [
        text.encode(x=x, y=y, text=alt.Text(field="label", type="nominal")),
        sample.encode(x=x, x2=alt.X2(field=x["field"]), y=y, **line),
    ]


def pointer(rows: pl.DataFrame, x: alt.X, column: str, tips: Mapping[str, str], texts: Mapping[str, str]) -> alt.Chart:
    """A rule at the row whose `column` is nearest to the pointer, with a tooltip of `tips` (column -> title).

    `texts` are columns (name -> Vega expression) that the browser computes.
    """
    computed = [alt.CalculateTransform(calculate=text, **{"as": name}) for name, text in texts.items()]
    shown = [alt.Tooltip(field=field, type="nominal", title=title) for field, title in tips.items()]
    nearest = alt.selection_point(
        name=POINTED, nearest=True, on="pointerover", clear="pointerout", fields=[column], empty=False
    )
    opacity = alt.OpacityValue(0, condition={"param": POINTED, "empty": False, "value": 0.8})
    rule = alt.Chart(rows, transform=computed or alt.Undefined).mark_rule(color=GREY, strokeWidth=1)
    following: alt.Chart = rule.encode(x=x, opacity=opacity, tooltip=shown).add_params(nearest)
    return following


def value_text(field: str, unit: Unit) -> str:
    """Vega expression for the exact figure in `field`, in the formats of data/format.py."""
    if unit == "share":
        small = f"0 < {field} && {field} < 0.00005"
        large = f"1e-9 < 1 - {field} && 1 - {field} < 0.00005"
        known = f"({small} ? '< 0.01%' : {large} ? '> 99.99%' : format({field} * 100, '.2f') + '%')"
    else:
        known = f"format({field}, '{ {'count': ',.0f', 'index': ',.1f'}.get(unit, ',.2f') }')"
    return f"(isValid({field}) ? {known} : '{format.UNKNOWN}')"


def missing_days(frame: pl.DataFrame) -> int:
    """How many days between the first and the last of `frame` have no row."""
    if frame.is_empty():
        return 0
    first, last = day_range(frame)
    return (last - first).days + 1 - int(frame["day"].n_unique())


def day_range(frame: pl.DataFrame) -> tuple[date, date]:
    """First and last day of a non-empty frame."""
    first, last = frame["day"].min(), frame["day"].max()
    assert isinstance(first, date) and isinstance(last, date)
    return first, last


def _steps(frame: pl.DataFrame, axes: Axes) -> pl.Series:
    if axes.step == "checkpoint":
        return frame[axes.x].unique().sort()
    if axes.x == "age":
        youngest, oldest = axes.ends(frame)
        return pl.int_range(int(youngest), int(oldest) + 1, axes.step_days, eager=True)
    if axes.thinning:
        return axes.thinning.days(frame)
    return pl.date_range(*day_range(frame), interval=axes.interval, eager=True)


def _spread(positions: Sequence[float], distance: float, ceiling: float) -> list[float]:
    """Ascending positions pushed apart upwards, then downwards from the ceiling if they ran over it."""
    placed: list[float] = []
    for position in positions:
        placed.append(max(position, placed[-1] + distance) if placed else max(position, 0.0))
    limit = ceiling
    for index in range(len(placed) - 1, -1, -1):
        placed[index] = min(placed[index], limit)
        limit = placed[index] - distance
    return placed
