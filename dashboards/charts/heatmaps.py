"""A calendar of days: six months a block, a week a column, the state of a day as colour and letter."""

from collections.abc import Mapping
from datetime import date

import altair as alt
import polars as pl

from dashboards.charts.layered import Layered
from dashboards.data import format

ROW_HEIGHT = 20
_LEGEND = 70
"""Pixels of the legend, which on the page is drawn within the height."""

_MONTHS = 6
_ROWS = 8
"""Rows of a block: the months, and seven weekdays."""

_WEEKDAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_MOST_WEEKS = 28
_LABEL_WEEKS = 3
"""Weeks that the name of a month takes on a narrow screen."""

_GREY = "#7a818c"


def calendar(
    days: pl.DataFrame, names: Mapping[str, str], letters: Mapping[str, str], colours: Mapping[str, str]
) -> Layered:
    """The days as cells. `days` has day, state and what a pointer is told: `told` (column -> title is its own).

    `names`, `letters` and `colours` are by state; a state whose letter is empty is a full cell.
    """
    cells = placed(days).with_columns(letter=pl.col("state").replace_strict(letters, return_dtype=pl.String))
    x = alt.X("column:O", axis=None, scale=alt.Scale(domain=list(range(_MOST_WEEKS)), paddingInner=0.1))
    y = _weekdays(cells)
    colour = alt.Color(
        "state:N", scale=alt.Scale(domain=list(colours), range=list(colours.values())), legend=_legend(names, letters)
    )
    told = [alt.Tooltip(f"{name}:N", title=name) for name in days.columns if name not in ("day", "state")]
    tips = [alt.Tooltip("date:N", title="Day"), *told]
    base = alt.Chart(cells.with_columns(date=pl.col("day").dt.strftime("%Y-%m-%d (%a)")).drop("day"))
    rects = base.mark_rect(cornerRadius=2).encode(x=x, y=y, color=colour, tooltip=tips)
    marks = base.transform_filter("datum.letter != ''").mark_text(
        fontSize=10, fontWeight=700, color="white", tooltip=False
    )
    months = alt.Chart(_months(cells)).mark_text(align="left", dx=-4, fontSize=11, color=_GREY)
    layers = [
        rects, marks.encode(x=x, y=y, text=alt.Text("letter:N")), months.encode(x=x, y=y, text=alt.Text("month:N")),
    ]  # fmt: skip
    rows = _ROWS * (_highest(cells) + 1)
    return Layered(layers, rows * ROW_HEIGHT + _LEGEND)


def described(days: pl.DataFrame, names: Mapping[str, str]) -> str:
    """The calendar in words, for those who do not see it: how many days of each state, and the last that were odd."""
    first, last = days["day"].min(), days["day"].max()
    assert isinstance(first, date) and isinstance(last, date)
    number = dict(days.group_by("state").len().iter_rows())
    parts = [f"{format.count(number.get(state, 0), 'day')} {name}" for state, name in names.items()]
    return f"Calendar, {format.day(first)} to {format.day(last)}: {', '.join(parts)}."


def placed(days: pl.DataFrame) -> pl.DataFrame:
    """Each day with its block (six months, counted from the first day's), its week's column, its weekday's row."""
    months = pl.col("day").dt.year() * 12 + pl.col("day").dt.month().cast(pl.Int32) - 1
    begin = months.min() + (months - months.min()) // _MONTHS * _MONTHS
    first = pl.date(begin // 12, begin % 12 + 1, 1)
    monday = first - pl.duration(days=first.dt.weekday().cast(pl.Int64) - 1)
    block = ((months - months.min()) // _MONTHS).cast(pl.Int64)
    return days.with_columns(
        block=block,
        year=first.dt.year(),
        column=(pl.col("day") - monday).dt.total_days() // 7,
        row=block * _ROWS + pl.col("day").dt.weekday().cast(pl.Int64),
    )


def _weekdays(cells: pl.DataFrame) -> alt.Y:
    """The rows of all blocks: the year, and the names of weekdays."""
    years = dict(cells.select("block", "year").unique().sort("block").iter_rows())
    labels = [str(label) for block in range(_highest(cells) + 1) for label in (years[block], *_WEEKDAYS)]
    words = "[" + ", ".join(f"'{label}'" for label in labels) + "][datum.value]"
    axis = alt.Axis(title=None, labelExpr=words, domain=False, ticks=False, labelFontSize=11, labelOverlap=False)
    return alt.Y("row:O", axis=axis, scale=alt.Scale(domain=list(range(len(labels))), paddingInner=0.1))


def _months(cells: pl.DataFrame) -> pl.DataFrame:
    """The names of months, above the first week of each that has a day; of two that would touch, the later one."""
    month = pl.col("day").dt.truncate("1mo")
    firsts = cells.group_by("block", month.alias("month")).agg(pl.col("column").min()).sort("month")
    next_column = pl.col("column").shift(-1).over("block", order_by="month")
    clear = firsts.filter((next_column - pl.col("column")).fill_null(_LABEL_WEEKS) >= _LABEL_WEEKS)
    return clear.select("column", row=pl.col("block") * _ROWS, month=pl.col("month").dt.strftime("%b"))


def _legend(names: Mapping[str, str], letters: Mapping[str, str]) -> alt.Legend:
    said = {state: " ".join(filter(None, (letters[state], name))) for state, name in names.items()}
    words = "{" + ", ".join(f"'{state}': '{name}'" for state, name in said.items()) + "}[datum.label]"
    return alt.Legend(title=None, orient="top", symbolType="square", labelExpr=words, labelLimit=260, columns=2)


def _highest(cells: pl.DataFrame) -> int:
    highest = cells["block"].max()
    assert isinstance(highest, int)
    return highest
