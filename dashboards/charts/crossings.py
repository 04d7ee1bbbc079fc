"""When one line passed another under each definition: points in time, an interval, or the words for neither."""

from datetime import date

import altair as alt
import polars as pl

from dashboards.charts.inks import FIRST, GREY
from dashboards.charts.tornado import y_axis

_ROW_HEIGHT = 44


def crossings(rows: pl.DataFrame, first: date, last: date) -> alt.LayerChart:
    """One row per name: crossed_on, low and high (an interval's ends, where there is one), text (what stands there).

    Where `crossed_on` is unknown, the text alone stands at the first day. Time runs from `first` to `last`.
    """
    order = rows["name"].to_list()
    ends = [_milliseconds(first), _milliseconds(last)]
    text = "%-d %b" if (last - first).days <= 250 else "%b %Y"
    axis = alt.Axis(title=None, format=text, tickCount=4, labelOverlap=True, labelFlush=True)
    scale = alt.Scale(type="utc", domain=ends, nice=False)
    x = alt.X("at:T", axis=axis, scale=scale)
    y = alt.Y("name:N", sort=order, axis=y_axis())
    middle = (ends[0] + ends[1]) / 2
    drawn = rows.with_columns(
        at=pl.col("crossed_on").cast(pl.Datetime("ms")).dt.epoch("ms").cast(pl.Float64).fill_null(ends[0]),
        is_known=pl.col("crossed_on").is_not_null(),
        low_at=pl.col("low").cast(pl.Datetime("ms")).dt.epoch("ms").cast(pl.Float64),
        high_at=pl.col("high").cast(pl.Datetime("ms")).dt.epoch("ms").cast(pl.Float64),
    ).with_columns(is_late=pl.col("at") > middle)
    base = alt.Chart(drawn).encode(
        y=y, tooltip=[alt.Tooltip("told:N", title="Definition"), alt.Tooltip("said:N", title="Crossover")]
    )
    ranges = base.transform_filter("isValid(datum.low_at) && isValid(datum.high_at)").mark_bar(
        height=8, color=FIRST, opacity=0.35, cornerRadius=4
    )
    layers = [
        ranges.encode(x=alt.X("low_at:T", axis=axis, scale=scale), x2="high_at:T"),
        base.transform_filter("datum.is_known").mark_point(filled=True, size=90, opacity=1, color=FIRST).encode(x=x),
    ]
    for is_late in (True, False):
        near = base.transform_filter(f"datum.is_known && {'' if is_late else '!'}datum.is_late")
        words = near.mark_text(align="right" if is_late else "left", dy=-12, fontSize=12, color=GREY)
        layers.append(words.encode(x=x, text="text:N"))
    neither = base.transform_filter("!datum.is_known")
    layers.append(neither.mark_text(align="left", dx=4, fontSize=12, color=GREY).encode(x=x, text="text:N"))
    return alt.LayerChart(layer=layers).properties(height=_ROW_HEIGHT * max(rows.height, 1))


def _milliseconds(day: date) -> float:
    return float((day - date(1970, 1, 1)).days * 86_400_000)
