"""The history of one model: a bar per day coloured by how its downloads are known, or the readings of a counter."""

import altair as alt
import polars as pl

from dashboards.charts.axes import COUNT_LABELS, DAY_FORMAT, DAY_MILLISECONDS, milliseconds
from dashboards.charts.colours import ORIGINS
from dashboards.charts.figure import Layered
from dashboards.data import format

HEIGHT = 320
BASES = {
    "read": ORIGINS["US"], "spread": ORIGINS["DE"], "identity": ORIGINS["GB"], "imported": ORIGINS["unaffiliated"],
}  # fmt: skip
"""How the downloads of a day are known -> its colour."""

_LINE = ORIGINS["US"]
_MOST_LARGE_DOTS = 120


def chart(frame: pl.DataFrame, history: str, name: str, bases: dict[str, str]) -> alt.Chart | Layered:
    """Daily downloads, or the readings of the counter `history` called `name`; `bases` is basis -> name."""
    return daily(frame, bases) if history == "downloads" else counter(frame, name)


def daily(frame: pl.DataFrame, names: dict[str, str]) -> Layered:
    """A bar per day, coloured by how its downloads are known, and a dot on the axis for a day without downloads.

    `frame` has day, value, basis; `names` is basis -> name.
    """
    present = [basis for basis in BASES if basis in frame["basis"]]
    scale = alt.Scale(domain=[names[basis] for basis in present], range=[BASES[basis] for basis in present])
    legend = alt.Legend(title=None, orient="top", labelLimit=320, symbolType="square", columns=1, labelFontSize=12)
    drawn = _timed(frame.with_columns(known=pl.col("basis").replace(names)))
    encoding = {
        "color": alt.Color("known:N", scale=scale, legend=legend),
        "tooltip": [
            alt.Tooltip("date:N", title="Day"),
            alt.Tooltip("value:Q", title="Downloads", format=","),
            alt.Tooltip("known:N", title="Basis"),
        ],
    }
    bars = alt.Chart(drawn).mark_bar(cornerRadius=0)
    none = alt.Chart(drawn.filter(pl.col("value") == 0).with_columns(day=pl.col("day") + DAY_MILLISECONDS / 2))
    dots = none.mark_point(filled=True, size=14, opacity=1)
    return Layered(
        [
            bars.encode(x=_days(), x2=alt.X2("end:T"), y=_counts(), y2=alt.Y2Datum(0), **encoding),
            dots.encode(x=_days(), y=_counts(), **encoding),
        ],
        HEIGHT,
    )


def counter(frame: pl.DataFrame, name: str) -> alt.Chart:
    """The readings of a counter, joined by a line that breaks at days without one. `frame` has day, value."""
    first, last = frame["day"].min(), frame["day"].max()
    calendar = pl.DataFrame({"day": pl.date_range(first, last, interval="1d", eager=True)})  # type: ignore[arg-type]
    gapped = calendar.join(frame, on="day", how="left").sort("day")
    few = gapped.height <= _MOST_LARGE_DOTS
    line = alt.Chart(_timed(gapped), height=HEIGHT).mark_line(
        color=_LINE, strokeWidth=2.5, point=alt.OverlayMarkDef(size=26 if few else 12, color=_LINE)
    )
    drawn: alt.Chart = line.encode(
        x=_days(),
        y=_counts(zero=False),
        tooltip=[alt.Tooltip("date:N", title="Day"), alt.Tooltip("value:Q", title=name, format=",")],
    )
    return drawn


def described(frame: pl.DataFrame, name: str) -> str:
    """The alternative text: the first and last known value."""
    known = frame.filter(pl.col("value").is_not_null()).sort("day")
    if known.is_empty():
        return f"A chart of {name} without data."
    (first, start), (last, end) = known.select("day", "value").row(0), known.select("day", "value").row(-1)
    return (
        f"Chart of {name}, {format.day(first)} to {format.day(last)}: "
        f"from {format.compact(start)} to {format.compact(end)}."
    )


def _days() -> alt.X:
    axis = alt.Axis(title=None, format=DAY_FORMAT, grid=False, tickCount=6, labelOverlap=True, labelFlush=True)
    return alt.X("day:T", axis=axis, scale=alt.Scale(type="utc"))


def _counts(zero: bool = True) -> alt.Y:
    axis = alt.Axis(title=None, labelExpr=COUNT_LABELS, tickCount=5, domain=False, ticks=False)
    return alt.Y("value:Q", axis=axis, scale=alt.Scale(zero=zero))


def _timed(frame: pl.DataFrame) -> pl.DataFrame:
    start = milliseconds("day")
    return frame.with_columns(date=pl.col("day").dt.strftime(DAY_FORMAT), day=start, end=start + DAY_MILLISECONDS)
