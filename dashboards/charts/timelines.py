"""When one line passed another under each definition: points in time, an interval, or the words for neither."""

from datetime import date
from typing import Literal

import altair as alt
import polars as pl

from dashboards.charts.bars import y_axis
from dashboards.charts.inks import FIRST, GREY
from dashboards.charts.layered import Layered

_ROW_HEIGHT = 48


def crossings(rows: pl.DataFrame, first: date, last: date) -> Layered:
    """One row per name: a point at `crossed_on` with its `text`, and a band from `low` to `high` where there is one.

    Where `crossed_on` is unknown, the text alone stands at the left. Time runs from `first` to `last`; a band whose
    upper end is unknown runs to the last day, and `band` says what its ends are.
    """
    ends = [_milliseconds(first), _milliseconds(last)]
    text = "%-d %b %Y" if (last - first).days <= 250 else "%b %Y"
    axis = alt.Axis(title=None, format=text, tickCount=4, labelOverlap=True, labelFlush=True, domain=False)
    scale = alt.Scale(type="utc", domain=ends, nice=False)
    x, low = (alt.X(f"{field}:T", axis=axis, scale=scale) for field in ("at", "low_at"))
    y = alt.Y("name:N", sort=rows["name"].to_list(), axis=y_axis())
    tips = [alt.Tooltip("told:N", title="Definition"), alt.Tooltip("said:N", title="Crossover")]
    said = alt.Text("text:N")
    drawn = _placed(rows, ends)
    base = alt.Chart(drawn).encode(y=y, tooltip=tips)
    band = alt.Chart(drawn.filter(pl.col("low_at").is_not_null())).encode(y=y, tooltip=tips)
    known = base.transform_filter("datum.is_known")
    layers = [
        band.mark_bar(height=8, color=FIRST, opacity=0.35).encode(x=low, x2=alt.X2("high_at:T")),
        known.mark_point(filled=True, size=90, opacity=1, color=FIRST).encode(x=x),
        _words(band, GREY, 15, "left").encode(x=alt.XValue(0), text=alt.Text("band:N")),
        _words(known.transform_filter("datum.is_late"), GREY, -12, "right").encode(x=x, text=said),
        _words(known.transform_filter("!datum.is_late"), GREY, -12, "left").encode(x=x, text=said),
        _words(base.transform_filter("!datum.is_known"), GREY, 0, "left").encode(x=alt.XValue(4), text=said),
    ]
    return Layered(layers, _ROW_HEIGHT * max(rows.height, 1))


def _placed(rows: pl.DataFrame, ends: list[float]) -> pl.DataFrame:
    def at(day: str) -> pl.Expr:
        return pl.col(day).cast(pl.Datetime("ms")).dt.epoch("ms").cast(pl.Float64)

    has_band = pl.col("low").is_not_null()
    return rows.with_columns(
        at=at("crossed_on"),
        is_known=pl.col("crossed_on").is_not_null(),
        is_late=at("crossed_on") > (ends[0] + ends[1]) / 2,
        low_at=at("low"),
        high_at=pl.when(has_band).then(at("high").fill_null(ends[1])),
    )


def _words(chart: alt.Chart, colour: str, away: int, align: Literal["left", "right"]) -> alt.Chart:
    drawn: alt.Chart = chart.mark_text(align=align, dy=away, fontSize=12, color=colour)
    return drawn


def _milliseconds(day: date) -> float:
    return float((day - date(1970, 1, 1)).days * 86_400_000)
