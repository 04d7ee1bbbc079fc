"""The history of one model: a bar a day by how it is known, or a counter as it was read."""

import altair as alt
import polars as pl

from dashboards.charts.layered import Layered
from dashboards.data import format

HEIGHT = 320
BASES = {"read": "#306cc0", "spread": "#de7254", "identity": "#9c4e90", "imported": "#607260"}
"""How the downloads of a day are known -> its colour, from the palette of origins, so that any two stay apart."""

_LINE = "#306cc0"
_COUNT_AXIS = "replace(format(datum.value, '~s'), 'G', 'B')"
_POINTS_UP_TO = 120
_DAY = 86_400_000
"""Milliseconds."""


def chart(frame: pl.DataFrame, history: str, name: str, bases: dict[str, str]) -> alt.Chart | Layered:
    """The daily downloads, or the counter `history` as read; `name` and `bases` are their words."""
    return daily(frame, bases) if history == "downloads" else counter(frame, name)


def daily(frame: pl.DataFrame, names: dict[str, str]) -> Layered:
    """A bar a day, coloured by how its downloads are known, and a dot on the axis where there were none.

    `frame` has day, value, basis; `names` is by basis.
    """
    there = [basis for basis in BASES if basis in frame["basis"]]
    scale = alt.Scale(domain=[names[basis] for basis in there], range=[BASES[basis] for basis in there])
    legend = alt.Legend(title=None, orient="top", labelLimit=320, symbolType="square", columns=1, labelFontSize=12)
    told = _timed(frame.with_columns(known=pl.col("basis").replace(names)))
    said = {
        "color": alt.Color("known:N", scale=scale, legend=legend),
        "tooltip": [
            alt.Tooltip("date:N"),
            alt.Tooltip("value:Q", title="Downloads", format=","),
            alt.Tooltip("known:N", title="Basis"),
        ],
    }
    bars = alt.Chart(told).mark_bar(cornerRadius=0)
    none = alt.Chart(told.filter(pl.col("value") == 0).with_columns(day=pl.col("day") + _DAY / 2))
    dots = none.mark_point(filled=True, size=14, opacity=1)
    return Layered(
        [
            bars.encode(x=_days(), x2=alt.X2("end:T"), y=_counts(), y2=alt.Y2Datum(0), **said),
            dots.encode(x=_days(), y=_counts(), **said),
        ],
        HEIGHT,
    )


def counter(frame: pl.DataFrame, name: str) -> alt.Chart:
    """A counter at each reading, joined by a line that breaks where a day was not read. `frame` has day, value."""
    first, last = frame["day"].min(), frame["day"].max()
    calendar = pl.DataFrame({"day": pl.date_range(first, last, interval="1d", eager=True)})  # type: ignore[arg-type]
    gapped = calendar.join(frame, on="day", how="left").sort("day")
    few = gapped.height <= _POINTS_UP_TO
    line = alt.Chart(_timed(gapped), height=HEIGHT).mark_line(
        color=_LINE, strokeWidth=2.5, point=alt.OverlayMarkDef(size=26 if few else 12, color=_LINE)
    )
    drawn: alt.Chart = line.encode(
        x=_days(),
        y=_counts(zero=False),
        tooltip=[alt.Tooltip("date:N"), alt.Tooltip("value:Q", title=name, format=",")],
    )
    return drawn


def described(frame: pl.DataFrame, name: str) -> str:
    """The chart in words, for those who do not see it."""
    known = frame.filter(pl.col("value").is_not_null()).sort("day")
    if known.is_empty():
        return f"A chart of {name} without data."
    (first, start), (last, end) = known.select("day", "value").row(0), known.select("day", "value").row(-1)
    return (
        f"Chart of {name}, {format.day(first)} to {format.day(last)}: "
        f"from {format.compact(start)} to {format.compact(end)}."
    )


def _days() -> alt.X:
    axis = alt.Axis(title=None, grid=False, tickCount=6, labelOverlap=True, labelFlush=True)
    return alt.X("day:T", axis=axis, scale=alt.Scale(type="utc"))


def _counts(zero: bool = True) -> alt.Y:
    axis = alt.Axis(title=None, labelExpr=_COUNT_AXIS, tickCount=5, domain=False, ticks=False)
    return alt.Y("value:Q", axis=axis, scale=alt.Scale(zero=zero))


def _timed(frame: pl.DataFrame) -> pl.DataFrame:
    # Milliseconds since 1970 in UTC: a date alone would shift by a day west of Greenwich.
    start = pl.col("day").cast(pl.Datetime("ms")).dt.epoch("ms").cast(pl.Float64)
    return frame.with_columns(date=pl.col("day").dt.strftime("%Y-%m-%d"), day=start, end=start + _DAY)
