"""Line charts: one line per code over days or ages, gaps left open, names at the right ends."""

import re
from collections.abc import Iterable, Mapping
from typing import Any

import altair as alt
import polars as pl

from dashboards.charts import line_parts
from dashboards.charts.axes import Axes, Ruler, Unit
from dashboards.charts.colours import GREY, LineStyle
from dashboards.charts.event_marks import event_marks
from dashboards.charts.figure import Layered
from dashboards.charts.pointer_panel import Panel
from dashboards.data import format

HEIGHT = 400
"""Pixels of the plot; the width follows the screen."""

_MOST_DOTS = 45
"""With more steps than this only lone points have a dot."""

# Altair parses "line:N" for every channel of every layer, which is a fifth of the cost of a specification.
_LINE: dict[str, Any] = {"field": "line", "type": "nominal"}

LineEnds = Mapping[str, tuple[Any, float]]
"""Code -> last place and value."""

_RESERVED = ("day", "age", "line", "place", "value", "share", "index")


def lines(
    frame: pl.DataFrame,
    column: str,
    styles: Mapping[str, LineStyle],
    axes: Axes = Axes(),
    *,
    events: pl.DataFrame | None = None,
    height: int = HEIGHT,
) -> Layered:
    """One line per code of `frame` (day or age, code, `column`); a step without a value breaks the line.

    `styles` is by code. The columns value, share and index, where there are any, appear under the pointer. A
    logarithmic axis leaves out zeros. `events` are those of `event_marks`.
    """
    filled = line_parts.with_gaps(frame.with_columns(listed=True), axes)
    drawn = _drawable(filled, column, axes)
    ids = _ids(drawn["code"].unique(maintain_order=True))
    ruler, x = Ruler.over(drawn, column, axes), axes.across(drawn)
    y, colour, dash, width = ruler.up(), _colour(ids, styles), _dash(ids, styles), _width(ids, styles)
    by_step = _by_step(filled, drawn[column], ids, axes)
    steps = axes.placed(by_step)
    interrupted = line_parts.broken(by_step, events)
    folded = alt.Chart(steps if interrupted is by_step else axes.placed(interrupted)).transform_fold(
        list(ids.values()), as_=["line", column]
    )
    if axes.step == "checkpoint":
        folded = folded.transform_filter("datum[datum.line + ' listed']")
    line = folded.mark_line(strokeJoin="round").encode(x=x, y=y, color=colour, strokeDash=dash, **width)
    lone = alt.Chart(axes.placed(_lone(drawn, column, ids, axes, events)))
    dots = (folded if steps.height <= _MOST_DOTS else lone).mark_point(filled=True, size=34, opacity=1)
    ends = line_parts.line_ends(drawn, column, axes.x)
    known = ends if drawn is filled else line_parts.line_ends(filled, column, axes.x)
    shown = {ids[code]: styles[code].short_name for code in known}
    labels = axes.placed(_labels(drawn, ends, ids, ruler, styles, axes, height))
    name, sample = line_parts.end_names(labels, x, y, {"color": colour, "strokeDash": dash, **width})
    layers = [
        line,
        dots.encode(x=x, y=y, color=colour),
        name,
        _pointer(steps, filled, column, shown, axes, x),
        sample,
        *_leaders(drawn, ends, labels, column, ids, axes, x, y, colour),
        *([_one_line(column)] if ruler.unit == "ratio" else []),
        *event_marks(events, drawn, axes, x, y, column),
    ]
    panel = Panel(shown, {ids[code]: styles[code].colour for code in ids}, 3, 2, _most_letters(filled, column, axes))
    return Layered(layers, height, panel if shown else None)


def described(frame: pl.DataFrame, column: str, styles: Mapping[str, LineStyle], axes: Axes = Axes()) -> str:
    """The alternative text: the first and last known value of each line, the largest last value first."""
    value, unit = pl.col(column), axes.unit_of(column)
    known = frame.filter(value.is_not_null() & pl.col("code").is_in(list(styles))).sort(axes.x)
    ends = known.group_by("code").agg(first=value.first(), last=value.last())
    ordered = ends.sort("last", "code", descending=[True, False]).iter_rows()
    parts = [f"{styles[code].name} from {_text(first, unit)} to {_text(last, unit)}" for code, first, last in ordered]
    if not parts:
        return "A line chart without data."
    if axes.x == "age":
        youngest, oldest = axes.ends(frame)
        return f"Line chart, {youngest:.0f} to {oldest:.0f} days since release: {'; '.join(parts)}."
    start, end = line_parts.day_range(frame)
    if axes.step == "month":
        return f"Line chart, {start:%B %Y} to {end:%B %Y}: {'; '.join(parts)}."
    return f"Line chart, {format.count((end - start).days + 1, 'day')} to {format.day(end)}: {'; '.join(parts)}."


def raised_floor(values: pl.Series) -> float:
    """A y axis for shares near 1 may begin here: a whole tenth below the lowest value, so that lines differ."""
    lowest = values.min()
    return max(int(float(lowest) * 10 - 0.05) / 10, 0.0) if isinstance(lowest, float) else 0.0


def _ids(codes: Iterable[str]) -> dict[str, str]:
    """Code -> its own column name, without characters that have a meaning in a Vega field name."""
    ids: dict[str, str] = {}
    for code in codes:
        safe = re.sub(r"[^\w-]", "_", code, flags=re.ASCII)
        taken = [name for name in (*_RESERVED, *ids.values()) if name.partition("~")[0] == safe]
        ids[code] = f"{safe}~{len(taken)}" if taken else safe
    return ids


def _drawable(filled: pl.DataFrame, column: str, axes: Axes) -> pl.DataFrame:
    if axes.scale == "linear":
        return filled
    return filled.with_columns(pl.when(pl.col(column) > 0).then(pl.col(column)))


def _by_step(filled: pl.DataFrame, drawn: pl.Series, ids: Mapping[str, str], axes: Axes) -> pl.DataFrame:
    """A row per step: the value drawn of each line ("CN"), and what else the pointer shows ("CN value")."""
    length = filled.height // max(len(ids), 1)
    of_lines = {"": drawn}
    for name in _pointed_columns(filled, drawn.name, axes):
        if name != drawn.name or axes.scale == "log":
            of_lines[f" {name}"] = filled[name].round() if axes.unit_of(name) == "count" else filled[name]
    if axes.step == "checkpoint":
        of_lines[" listed"] = filled["listed"].fill_null(False)
    columns = [filled[axes.x].head(length)]
    for place, line in enumerate(ids.values()):
        columns += [values.slice(place * length, length).alias(f"{line}{name}") for name, values in of_lines.items()]
    return pl.DataFrame(columns)


def _pointed_columns(filled: pl.DataFrame, column: str, axes: Axes) -> list[str]:
    """The columns under the pointer: the index or share, if known, then the value."""
    if axes.unit:
        return [column]
    extra = next((name for name in ("index", "share") if name in filled.columns and filled[name].count()), None)
    return [name for name in (extra, "value") if name in filled.columns] or [column]


def _lone(
    drawn: pl.DataFrame, column: str, ids: Mapping[str, str], axes: Axes, events: pl.DataFrame | None
) -> pl.DataFrame:
    lone = line_parts.lone_points(drawn, column, events)
    return lone.select(axes.x, pl.col("code").replace(ids).alias("line"), column)


def _colour(ids: Mapping[str, str], styles: Mapping[str, LineStyle]) -> alt.Color:
    scale = alt.Scale(domain=list(ids.values()), range=[styles[code].colour for code in ids])
    return alt.Color(**_LINE, legend=None, scale=scale)


def _dash(ids: Mapping[str, str], styles: Mapping[str, LineStyle]) -> alt.StrokeDash:
    scale = alt.Scale(domain=list(ids.values()), range=[list(styles[code].dash) for code in ids])
    return alt.StrokeDash(**_LINE, legend=None, scale=scale)


def _width(ids: Mapping[str, str], styles: Mapping[str, LineStyle]) -> dict[str, Any]:
    """The encoding of the widths of lines. A width of the mark itself would hide that of its line."""
    widths = [styles[code].width for code in ids]
    if len(set(widths)) == 1:
        return {"strokeWidth": alt.StrokeWidthValue(widths[0])}
    # By itself Vega-Lite would spread the range evenly over the lines.
    scale = alt.Scale(type="ordinal", domain=list(ids.values()), range=widths)
    return {"strokeWidth": alt.StrokeWidth(**_LINE, legend=None, scale=scale)}


def _labels(
    drawn: pl.DataFrame, ends: LineEnds, ids: Mapping[str, str], ruler: Ruler,
    styles: Mapping[str, LineStyle], axes: Axes, height: int,
) -> pl.DataFrame:  # fmt: skip
    """The names and last values on the last day or age, at heights where they do not overlap."""
    labels = line_parts.end_labels({code: ruler.part(value) for code, (_, value) in ends.items()}, 1.0, height)
    rows = []
    for label in labels:
        style, last = styles[label.code], _text(ends[label.code][1], ruler.unit)
        most = max(line_parts.LABEL_LETTERS - len(last) - len(f" · {style.mark}" if style.mark else "") - 1, 4)
        rows.append((ids[label.code], ruler.value(label.y), style.fitted(most), last))
    schema = {"line": pl.String, ruler.column: pl.Float64, "name": pl.String, "last": pl.String}
    end = pl.lit(drawn[axes.x].max(), dtype=drawn.schema[axes.x])
    return pl.DataFrame(rows, schema=schema, orient="row").with_columns(end.alias(axes.x))


def _leaders(
    drawn: pl.DataFrame, ends: LineEnds, labels: pl.DataFrame, column: str, ids: Mapping[str, str], axes: Axes,
    x: alt.X, y: alt.Y, colour: alt.Color,
) -> list[alt.Chart]:  # fmt: skip
    """Thin rules from the ends of lines to their names: dotted ones from lines that end early."""
    heights, last = dict(labels.select("line", column).iter_rows()), drawn[axes.x].max()
    rows = [
        (place, ids[code], value, last, heights[ids[code]])
        for code, (place, value) in sorted(ends.items(), key=lambda end: ids[end[0]])
    ]
    day, number = drawn.schema[axes.x], pl.Float64
    schema: Any = {axes.x: day, "line": pl.String, column: number, "label_x": day, "label_y": number}
    frame = axes.placed(pl.DataFrame(rows, schema, orient="row"), "label_x")
    is_early = pl.col(axes.x) < pl.col("label_x")
    early, late = frame.filter(is_early), frame.filter(~is_early & (pl.col("label_y") != pl.col(column)))
    along = {"x": x, "y": y, "x2": alt.X2(field="label_x"), "y2": alt.Y2(field="label_y"), "color": colour}
    dotted = {"strokeWidth": 1, "opacity": 0.7, "strokeDash": [1, 3]}
    marks = ((early, dotted), (late, {"strokeWidth": 1, "opacity": 0.7, "x2Offset": line_parts.SAMPLE_FROM}))
    return [alt.Chart(frame).mark_rule(**mark).encode(**along) for frame, mark in marks if frame.height]


def _pointer(
    steps: pl.DataFrame, filled: pl.DataFrame, column: str, shown: Mapping[str, str], axes: Axes, x: alt.X
) -> alt.Chart:
    """The rule with the exact figures of its step; `shown` is id -> name, the largest last value first."""
    pointed = _pointed_columns(filled, column, axes)
    texts = {"place": axes.place_text} | {f"{line} text": _figure(line, column, pointed, axes) for line in shown}
    tips = {"place": axes.step_name} | {f"{line} text": name for line, name in shown.items()}
    return line_parts.pointer(steps, x, axes.x, tips, texts)


def _most_letters(filled: pl.DataFrame, column: str, axes: Axes) -> int:
    """Characters of the longest figure under the pointer."""
    most = 0
    for name in _pointed_columns(filled, column, axes):
        largest = filled[name].max()
        count = f"{largest:,.0f}" if isinstance(largest, int | float) else ""
        most += 7 if axes.unit_of(name) in ("share", "ratio", "number") else max(len(count), 7)
    return most + (3 if len(_pointed_columns(filled, column, axes)) > 1 else 0)


def _figure(line: str, column: str, pointed: list[str], axes: Axes) -> str:
    """Vega expression of a line's figure: the value, or the share or index with the value in brackets."""
    own = line if axes.scale == "linear" else f"{line} {column}"
    fields = [f"datum['{own if name == column else f'{line} {name}'}']" for name in pointed]
    texts = [line_parts.value_text(field, axes.unit_of(name)) for field, name in zip(fields, pointed, strict=True)]
    if len(texts) == 1:
        return texts[0]
    return f"isValid({fields[0]}) ? {texts[0]} + ' (' + {texts[1]} + ')' : {texts[1]}"


def _one_line(column: str) -> alt.Chart:
    rule = alt.Chart(pl.DataFrame({column: [1.0]})).mark_rule(color=GREY, strokeWidth=1.5, strokeDash=[4, 3])
    drawn: alt.Chart = rule.encode(y=alt.Y(f"{column}:Q"))
    return drawn


def _text(value: float, unit: Unit) -> str:
    if unit == "share":
        return format.percent(value)
    return f"{value:,.2f}" if unit in ("number", "ratio") else format.compact(value)
