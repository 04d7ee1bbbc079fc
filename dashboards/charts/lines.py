"""Lines over days or ages: one a code, gaps left open, names at their right ends."""

import re
from collections.abc import Iterable, Mapping

import altair as alt
import polars as pl

from dashboards.charts import colours as palette
from dashboards.charts import ends as line_ends
from dashboards.charts import line_parts, marks, readings
from dashboards.charts.axes import Axes, Ruler, View
from dashboards.charts.layered import Layered
from dashboards.data import format

HEIGHT = 400
"""Pixels of the plot on the page; its width follows the screen."""

_FEW_STEPS = 45
_LABEL_SPACE = 130
_TAKEN = ("day", "age", "line", "place", "value", "share", "index")
"""Columns that are no line's."""


def lines(
    frame: pl.DataFrame,
    view: View,
    names: Mapping[str, str],
    colours: Mapping[str, str],
    axes: Axes = Axes(),
    dashes: Mapping[str, list[int]] | None = None,
    events: pl.DataFrame | None = None,
) -> Layered:
    """One line per code over days or ages. A day without data breaks the line; names stand at the right ends.

    `frame` has day or age, code and the columns value, share or index that there are; `names`, `colours` and `dashes`
    are by code. A logarithmic scale has no zero: such a day is left open. `events` (event_date, kind, title) become
    thin rules; against ages marks below the lines.
    """
    told = line_parts.with_gaps(frame, axes)
    gapped = _drawable(told, view, axes)
    ids = _ids(gapped["code"].unique(maintain_order=True))
    steps, ends = axes.placed(_by_step(told, gapped[view], ids, axes)), line_parts.last_values(gapped, view, axes.x)
    ruler = Ruler.over(gapped, view, axes)
    x, y = axes.across(gapped), ruler.up()
    colour, dash = _styles(ids, colours, dashes)
    folded = alt.Chart(steps).transform_fold(list(ids.values()), as_=["line", view])
    line = folded.mark_line(strokeWidth=2.5, strokeJoin="round").encode(x=x, y=y, color=colour, strokeDash=dash)
    lone = alt.Chart(axes.placed(_alone(gapped, view, ids, axes)))
    dots = (folded if steps.height <= _FEW_STEPS else lone).mark_point(filled=True, size=34, opacity=1)
    labels = axes.placed(_end_labels(gapped, ends, ids, ruler, names, axes))
    text, pieces = line_ends.names(labels, x, y, colour, dash, _LABEL_SPACE)
    layers = [
        line,
        dots.encode(x=x, y=y, color=colour),
        text,
        _pointer(steps, {ids[code]: names[code] for code in ends}, view, _beside(told), axes, x),
        pieces,
    ]
    return Layered([*layers, *marks.events(events, gapped, axes, x, y)], HEIGHT)


def described(frame: pl.DataFrame, view: View, names: Mapping[str, str], axes: Axes = Axes()) -> str:
    """The chart in words, for those who do not see it: each line's first and last known value."""
    figure, known = pl.col(view), frame.filter(pl.col(view).is_not_null()).sort(axes.x)
    ends = known.group_by("code").agg(first=figure.first(), last=figure.last())
    ordered = ends.sort("last", "code", descending=[True, False]).iter_rows()
    said = [f"{names[code]} from {_shown(first, view)} to {_shown(last, view)}" for code, first, last in ordered]
    if frame.is_empty() or not said:
        return "A line chart without data."
    if axes.x == "age":
        youngest, oldest = axes.ends(frame)
        return f"Line chart, {youngest:.0f} to {oldest:.0f} days since release: {'; '.join(said)}."
    start, end = (format.day(day) for day in line_parts.day_range(frame))
    return f"Line chart, {start} to {end}: {'; '.join(said)}."


def _ids(codes: Iterable[str]) -> dict[str, str]:
    """A column of its own for each code: the code, less what has a meaning in the name of a field."""
    ids: dict[str, str] = {}
    for code in codes:
        found = re.sub(r"[^\w-]", "_", code, flags=re.ASCII)
        alike = [name for name in (*_TAKEN, *ids.values()) if name.partition("~")[0] == found]
        ids[code] = f"{found}~{len(alike)}" if alike else found
    return ids


def _drawable(frame: pl.DataFrame, view: View, axes: Axes) -> pl.DataFrame:
    if axes.scale == "linear":
        return frame
    return frame.with_columns(pl.when(pl.col(view) > 0).then(pl.col(view)))


def _by_step(told: pl.DataFrame, drawn: pl.Series, ids: Mapping[str, str], axes: Axes) -> pl.DataFrame:
    """A row per day or age: what is drawn of each line ("CN"), and what else the pointer tells ("CN value")."""
    length, beside = told.height // max(len(ids), 1), _beside(told)
    columns = [told[axes.x].head(length)]
    for place, line in enumerate(ids.values()):
        rows = told.slice(place * length, length)
        columns += [drawn.slice(place * length, length).alias(line), rows["value"].round().alias(f"{line} value")]
        columns += [rows[beside].alias(f"{line} {beside}")] if beside not in (None, drawn.name) else []
    return pl.DataFrame(columns)


def _beside(told: pl.DataFrame) -> str | None:
    """What the pointer tells before the count: the index, or else the share, where there is one."""
    return next((name for name in ("index", "share") if name in told.columns and told[name].count()), None)


def _alone(gapped: pl.DataFrame, view: View, ids: Mapping[str, str], axes: Axes) -> pl.DataFrame:
    lone = line_parts.lone_points(gapped, view)
    return lone.select(axes.x, pl.col("code").replace(ids).alias("line"), view)


def _styles(
    ids: Mapping[str, str], colours: Mapping[str, str], dashes: Mapping[str, list[int]] | None
) -> tuple[alt.Color, alt.StrokeDash]:
    domain, shades = list(ids.values()), [colours[code] for code in ids]
    broken = [dashes[code] if dashes else palette.dash(code) for code in ids]
    colour = alt.Color("line:N", legend=None, scale=alt.Scale(domain=domain, range=shades))
    return colour, alt.StrokeDash("line:N", legend=None, scale=alt.Scale(domain=domain, range=broken))


def _end_labels(
    gapped: pl.DataFrame, ends: dict[str, float], ids: Mapping[str, str], ruler: Ruler, names: Mapping[str, str],
    axes: Axes,
) -> pl.DataFrame:  # fmt: skip
    """Where the names stand, clear of each other, on the last day or age."""
    labels = line_parts.end_labels({code: ruler.part(value) for code, value in ends.items()}, 1.0, HEIGHT)
    rows = [(ids[label.code], ruler.value(label.y), names[label.code]) for label in labels]
    schema = {"line": pl.String, ruler.view: pl.Float64, "name": pl.String}
    last = pl.lit(gapped[axes.x].max(), dtype=gapped.schema[axes.x])
    return pl.DataFrame(rows, schema=schema, orient="row").with_columns(last.alias(axes.x))


def _pointer(
    steps: pl.DataFrame, names: Mapping[str, str], view: View, beside: str | None, axes: Axes, x: alt.X
) -> alt.Chart:
    """The rule that tells the exact figures of its day; `names` is by line, the largest first."""
    place = "utcFormat(datum.day, '%Y-%m-%d')" if axes.x == "day" else "format(datum.age, ',')"
    words = {"place": place} | {f"{line} told": _reading(line, view, beside) for line in names}
    tips = [alt.Tooltip("place:N", title=axes.step_name)]
    tips += [alt.Tooltip(f"{line} told:N", title=name) for line, name in names.items()]
    return readings.rule(steps, x, axes.x, tips, words)


def _reading(line: str, view: View, beside: str | None) -> str:
    """The count of a line, in brackets after its index or share where that is known, as an expression."""
    count = readings.count(f"datum['{line} value']")
    if beside is None:
        return count
    field = f"datum['{line}']" if beside == view else f"datum['{line} {beside}']"
    figure = readings.percent(field) if beside == "share" else f"format({field}, ',.1f')"
    return f"isValid({field}) ? {figure} + ' (' + {count} + ')' : {count}"


def _shown(value: float, view: View) -> str:
    return format.percent(value) if view == "share" else format.compact(value)
