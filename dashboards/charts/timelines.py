"""Timelines: the crossover under each definition, and events by kind and week."""

from collections.abc import Mapping
from datetime import date
from typing import Literal

import altair as alt
import polars as pl

from dashboards.charts.axes import DAY_FORMAT, milliseconds
from dashboards.charts.bars import name_axis
from dashboards.charts.colours import FIRST, GREY, NEUTRALS
from dashboards.charts.figure import Layered
from dashboards.data import format

_CROSSOVER_ROW, _EVENT_ROW = 48, 34


def crossovers(rows: pl.DataFrame, first: date, last: date) -> Layered:
    """One row per name: a point at `crossed_on` with its `text`, and a band from `low` to `high` with its text `band`.

    A hollow point is at `lost_on`.

    Where `crossed_on` is unknown, the text is alone at the left. Time runs from `first` to `last`; a band without
    an upper end runs to the last day.
    """
    ends = [float((day - date(1970, 1, 1)).days * 86_400_000) for day in (first, last)]
    labels = DAY_FORMAT if (last - first).days <= 250 else "%b %Y"
    axis = alt.Axis(title=None, format=labels, tickCount=4, labelOverlap=True, labelFlush=True, domain=False)
    scale = alt.Scale(type="utc", domain=ends, nice=False)
    x, low, lost = (alt.X(f"{field}:T", axis=axis, scale=scale) for field in ("at", "low_at", "lost_at"))
    y = alt.Y("name:N", sort=rows["name"].to_list(), axis=name_axis())
    tips = [alt.Tooltip("definition:N", title="Definition"), alt.Tooltip("said:N", title="Crossover")]
    text = alt.Text("text:N")
    drawn = _placed(rows, ends)
    base = alt.Chart(drawn).encode(y=y, tooltip=tips)
    band = alt.Chart(drawn.filter(pl.col("low_at").is_not_null())).encode(y=y, tooltip=tips)
    known = base.transform_filter("datum.is_known")
    layers = [
        band.mark_bar(height=8, color=FIRST, opacity=0.35).encode(x=low, x2=alt.X2("high_at:T")),
        known.mark_point(filled=True, size=90, opacity=1, color=FIRST).encode(x=x),
        base.transform_filter("isValid(datum.lost_at)")
        .mark_point(filled=False, size=90, opacity=1, color=FIRST)
        .encode(x=lost),
        _text(band, 15, "left").encode(x=alt.XValue(0), text=alt.Text("band:N")),
        _text(known.transform_filter("datum.is_late"), -12, "right").encode(x=x, text=text),
        _text(known.transform_filter("!datum.is_late"), -12, "left").encode(x=x, text=text),
        _text(base.transform_filter("!datum.is_known"), 0, "left").encode(x=alt.XValue(4), text=text),
    ]
    return Layered(layers, _CROSSOVER_ROW * max(rows.height, 1))


def events(weeks: pl.DataFrame, totals: Mapping[str, int]) -> alt.Chart:
    """A dot per week and kind, larger with more events.

    `weeks` has week, kind and events; `totals` (kind -> events) gives the rows from the top.
    """
    labels = {kind: f"{kind} ({number:,})" for kind, number in totals.items()}
    drawn = weeks.with_columns(
        format.text_column(weeks["events"], format.exact, "exact"),
        kind=pl.col("kind").replace_strict(labels, return_dtype=pl.String),
        week_text=pl.col("week").dt.strftime(DAY_FORMAT),
        week=milliseconds("week"),
    )
    # With many weeks each dot has less room.
    largest = min(max(9_000 / max(weeks["week"].n_unique(), 1), 60.0), 400.0)
    axis = alt.Axis(title=None, format=DAY_FORMAT, tickCount=5, labelOverlap=True, labelFlush=True)
    tips = [
        alt.Tooltip("kind:N", title="Kind"), alt.Tooltip("week_text:N", title="Week from"),
        alt.Tooltip("exact:N", title="Data issues"),
    ]  # fmt: skip
    dots = alt.Chart(drawn, height=_EVENT_ROW * len(labels) + 30).mark_circle(color=NEUTRALS[0], opacity=0.85)
    chart: alt.Chart = dots.encode(
        x=alt.X("week:T", scale=alt.Scale(type="utc"), axis=axis),
        y=alt.Y("kind:N", sort=list(labels.values()), axis=alt.Axis(title=None, labelLimit=180, grid=True)),
        size=alt.Size("events:Q", scale=alt.Scale(type="sqrt", range=[12, largest]), legend=None),
        tooltip=tips,
    )
    return chart


def described_events(weeks: pl.DataFrame, totals: Mapping[str, int]) -> str:
    """The alternative text of `events`: the number of events of each kind, and the week with most."""
    ordered = weeks.sort("events", "week", descending=[True, False])
    parts = []
    for kind, number in totals.items():
        busiest = ordered.filter(pl.col("kind") == kind).row(0, named=True)
        parts.append(f"{format.count(number, kind, kind)}, most in the week of {format.day(busiest['week'])}")
    return f"Data issues by kind and week: {'; '.join(parts)}."


def _placed(rows: pl.DataFrame, ends: list[float]) -> pl.DataFrame:
    crossed, has_band = milliseconds("crossed_on"), pl.col("low").is_not_null()
    return rows.with_columns(
        at=crossed,
        is_known=pl.col("crossed_on").is_not_null(),
        is_late=crossed > (ends[0] + ends[1]) / 2,
        low_at=milliseconds("low"),
        lost_at=milliseconds("lost_on"),
        high_at=pl.when(has_band).then(milliseconds("high").fill_null(ends[1])),
    )


def _text(chart: alt.Chart, offset: int, align: Literal["left", "right"]) -> alt.Chart:
    drawn: alt.Chart = chart.mark_text(align=align, dy=offset, fontSize=12, color=GREY)
    return drawn
