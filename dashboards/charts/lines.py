"""Lines over days or ages: one a code, gaps left open, names at their right ends."""

from collections.abc import Mapping

import altair as alt
import polars as pl

from dashboards import format, palette
from dashboards.charts import marks, series
from dashboards.charts.axes import Axes, Ruler, View

HEIGHT = 400
"""Pixels of the plot on the page; its width follows the screen."""

_FEW_STEPS = 45
_LABEL_SPACE = 130


def lines(
    frame: pl.DataFrame,
    view: View,
    names: Mapping[str, str],
    colours: Mapping[str, str],
    axes: Axes = Axes(),
    dashes: Mapping[str, list[int]] | None = None,
    events: pl.DataFrame | None = None,
) -> alt.LayerChart:
    """One line per code over days or ages. A day without data breaks the line; names stand at the right ends.

    `frame` has day or age, code and the columns value, share or index that there are; `names`, `colours` and `dashes`
    are by code. A logarithmic scale has no zero: such a day is left open. `events` (event_date, kind, title) become
    thin rules, on the calendar alone.
    """
    gapped = series.with_gaps(_drawable(frame, view, axes), axes)
    ruler = Ruler.over(gapped, view, axes)
    base, x, y = axes.placed(gapped), axes.across(gapped), ruler.up()
    colour, dash = _styles(colours, dashes)
    line = (
        alt.Chart(base).mark_line(strokeWidth=2.5, strokeJoin="round").encode(x=x, y=y, color=colour, strokeDash=dash)
    )
    few = gapped[axes.x].n_unique() <= _FEW_STEPS
    lone = base if few else axes.placed(series.lone_points(gapped, view, axes.x))
    points = alt.Chart(lone).mark_point(filled=True, size=34, opacity=1).encode(x=x, y=y, color=colour)
    layers = [line, points, _end_labels(gapped, ruler, names, axes, x, y, colour)]
    layers.append(_readings(gapped, view, names, axes, x))
    layers += marks.events(events, gapped, axes, x)
    return alt.LayerChart(layer=layers, height=HEIGHT)


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
    start, end = (format.long_day(day) for day in series.day_range(frame))
    return f"Line chart, {start} to {end}: {'; '.join(said)}."


def _drawable(frame: pl.DataFrame, view: View, axes: Axes) -> pl.DataFrame:
    if axes.scale == "linear":
        return frame
    return frame.with_columns(pl.when(pl.col(view) > 0).then(pl.col(view)))


def _styles(colours: Mapping[str, str], dashes: Mapping[str, list[int]] | None) -> tuple[alt.Color, alt.StrokeDash]:
    codes = list(colours)
    broken = [dashes[code] if dashes else palette.dash(code) for code in codes]
    colour = alt.Color("code:N", legend=None, scale=alt.Scale(domain=codes, range=list(colours.values())))
    return colour, alt.StrokeDash("code:N", legend=None, scale=alt.Scale(domain=codes, range=broken))


def _end_labels(
    gapped: pl.DataFrame, ruler: Ruler, names: Mapping[str, str], axes: Axes, x: alt.X, y: alt.Y, colour: alt.Color
) -> alt.Chart:
    ends = {code: ruler.part(value) for code, value in series.last_values(gapped, ruler.view, axes.x).items()}
    labels = series.end_labels(ends, 1.0, HEIGHT)
    placed = pl.DataFrame(
        {
            "code": [label.code for label in labels],
            ruler.view: [ruler.value(label.y) for label in labels],
            "name": [names[label.code] for label in labels],
        },
        schema={"code": pl.String, ruler.view: pl.Float64, "name": pl.String},
    ).with_columns(pl.lit(gapped[axes.x].max(), dtype=gapped.schema[axes.x]).alias(axes.x))
    text = alt.Chart(axes.placed(placed)).mark_text(align="left", dx=8, fontSize=12, fontWeight=600, limit=_LABEL_SPACE)
    labelled: alt.Chart = text.encode(x=x, y=y, color=colour, text=alt.Text("name:N"))
    return labelled


def _readings(gapped: pl.DataFrame, view: View, names: Mapping[str, str], axes: Axes, x: alt.X) -> alt.Chart:
    """A rule that follows the pointer and tells the exact figures of its day."""
    order = list(series.last_values(gapped, view, axes.x))
    told = gapped.with_columns(told=_figures_told(gapped))
    wide = told.pivot("code", index=axes.x, values="told").with_columns(place=_place(axes))
    lines_of = [pl.col(code).alias(f"line{index}") for index, code in enumerate(order)]
    wide = wide.select(axes.x, "place", *lines_of)
    tips = [alt.Tooltip("place:N", title=axes.step_name)]
    tips += [alt.Tooltip(f"line{index}:N", title=names[code]) for index, code in enumerate(order)]
    pointed = alt.selection_point(name="pointed", nearest=True, on="pointerover", fields=[axes.x], empty=False)
    rule = alt.Chart(axes.placed(wide)).mark_rule(color="#8a8f98", strokeWidth=1)
    opacity = alt.OpacityValue(0, condition={"param": "pointed", "empty": False, "value": 0.8})
    following: alt.Chart = rule.encode(x=x, opacity=opacity, tooltip=tips).add_params(pointed)
    return following


def _place(axes: Axes) -> pl.Expr:
    return pl.col("day").dt.strftime("%Y-%m-%d") if axes.x == "day" else pl.col("age").cast(pl.String)


def _figures_told(frame: pl.DataFrame) -> pl.Series:
    """What the pointer says of each row. By columns, as it is most of what a chart of years costs."""
    names = ("value", "share", "index")
    columns = (frame[name].to_list() if name in frame.columns else [None] * frame.height for name in names)
    return pl.Series([_told(*figures) for figures in zip(*columns, strict=True)], dtype=pl.String)


def _told(value: float | None, share: float | None, index: float | None) -> str:
    count = format.exact(value)
    if index is not None:
        return f"{index:,.1f} ({count})"
    return count if share is None else f"{format.percent(share, 2)} ({count})"


def _shown(value: float, view: View) -> str:
    return format.percent(value) if view == "share" else format.compact(value)
