"""Heat maps: a calendar of days, and a matrix with its numbers in the cells."""

from collections.abc import Mapping, Sequence

import altair as alt
import polars as pl

from dashboards.charts.colours import GREY, HEAT, MOST_HEAT
from dashboards.charts.figure import Layered
from dashboards.charts.line_parts import day_range
from dashboards.data import format

_DAY_ROW, _CELL_ROW = 20, 38
_LEGEND_HEIGHT = 70
_MONTHS = 6
"""Months of a block of the calendar."""

_BLOCK_ROWS = 8
"""Rows of a block: the names of the months, and seven weekdays."""

_WEEKDAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_MOST_WEEKS = 28
_LABEL_WEEKS = 3
"""Weeks that the name of a month covers on a narrow screen."""

_NAMES_HEIGHT = 130
"""Pixels above the matrix for the names of its columns, which are vertical where the columns are narrow."""

_COLUMN_WIDTH = 100
"""Pixels that a column needs for a horizontal name."""

_NARROW_CELLS = "width < 420"


def calendar(
    days: pl.DataFrame, names: Mapping[str, str], letters: Mapping[str, str], colours: Mapping[str, str]
) -> Layered:
    """A cell per day, a column per week, six months per block.

    `days` has day, state and columns for the tooltip, which are titled by their names. `names`, `letters` and `colours`
    are by state; a cell without a letter is only coloured.
    """
    cells = calendar_cells(days).with_columns(letter=pl.col("state").replace_strict(letters, return_dtype=pl.String))
    x = alt.X("column:O", axis=None, scale=alt.Scale(domain=list(range(_MOST_WEEKS)), paddingInner=0.1))
    y = _weekday_axis(cells)
    scale = alt.Scale(domain=list(colours), range=list(colours.values()))
    colour = alt.Color("state:N", scale=scale, legend=_state_legend(names, letters))
    more = [alt.Tooltip(f"{name}:N", title=name) for name in days.columns if name not in ("day", "state")]
    base = alt.Chart(cells.with_columns(date=pl.col("day").dt.strftime("%a %-d %b %Y")).drop("day"))
    squares = base.mark_rect(cornerRadius=2)
    marks = base.transform_filter("datum.letter != ''")
    marks = marks.mark_text(fontSize=10, fontWeight=700, color="white", tooltip=False)
    months = alt.Chart(_month_names(cells)).mark_text(align="left", dx=-4, fontSize=11, color=GREY)
    layers = [
        squares.encode(x=x, y=y, color=colour, tooltip=[alt.Tooltip("date:N", title="Day"), *more]),
        marks.encode(x=x, y=y, text=alt.Text("letter:N")),
        months.encode(x=x, y=y, text=alt.Text("month:N")),
    ]
    rows = _BLOCK_ROWS * (_last_block(cells) + 1)
    return Layered(layers, rows * _DAY_ROW + _LEGEND_HEIGHT)


def described_calendar(days: pl.DataFrame, names: Mapping[str, str]) -> str:
    """The alternative text of `calendar`: how many days have each state."""
    number = dict(days.group_by("state").len().iter_rows())
    parts = [f"{format.count(number.get(state, 0), 'day')} {name}" for state, name in names.items()]
    first, last = (format.day(day) for day in day_range(days))
    return f"Calendar, {first} to {last}: {', '.join(parts)}."


def calendar_cells(days: pl.DataFrame) -> pl.DataFrame:
    """`days` with the block (six months each, from the first), column (week) and row (weekday) of each day."""
    months = pl.col("day").dt.year() * 12 + pl.col("day").dt.month().cast(pl.Int32) - 1
    begin = months.min() + (months - months.min()) // _MONTHS * _MONTHS
    first = pl.date(begin // 12, begin % 12 + 1, 1)
    monday = first - pl.duration(days=first.dt.weekday().cast(pl.Int64) - 1)
    block = ((months - months.min()) // _MONTHS).cast(pl.Int64)
    return days.with_columns(
        block=block,
        year=first.dt.year(),
        column=(pl.col("day") - monday).dt.total_days() // 7,
        row=block * _BLOCK_ROWS + pl.col("day").dt.weekday().cast(pl.Int64),
    )


def matrix(
    cells: pl.DataFrame, rows: Sequence[str], columns: Sequence[str], titles: tuple[str, str], tips: Mapping[str, str]
) -> Layered:
    """One cell per `row` and `column` with its `text`, or `short` on a phone.

    Opacity grows with `heat` (0 to 1), so that low values are near the page in light and dark. `is_own` cells have an
    edge. `titles` are those of the rows and columns; `tips` is column of `cells` -> title in the tooltip.
    """
    x = alt.X("column:N", title=titles[1], sort=list(columns), axis=_column_names(len(columns)))
    row_names = alt.Axis(domain=False, ticks=False, labelLimit=130, labelFontSize=12, labelOverlap=False)
    y = alt.Y("row:N", title=titles[0], sort=list(rows), axis=row_names)
    tooltip = [alt.Tooltip(f"{column}:N", title=name) for column, name in tips.items()]
    scale = alt.Scale(type="sqrt", domain=[0, 1], range=[0, MOST_HEAT])
    heat = alt.FillOpacity("heat:Q", legend=None, scale=scale)
    # A dictionary, because alt.when checks the condition against the whole schema, which costs more than all the rest.
    edge = alt.StrokeValue("transparent", condition={"test": "datum.is_own", "value": GREY})
    base = alt.Chart(cells).encode(x=x, y=y, tooltip=tooltip)
    squares = base.mark_rect(strokeWidth=1.5, cornerRadius=2, fill=HEAT).encode(fillOpacity=heat, stroke=edge)
    figures = base.mark_text(
        fontSize=alt.expr(f"{_NARROW_CELLS} ? 10 : 13"),
        text=alt.expr(f"{_NARROW_CELLS} ? datum.short : datum.text"),
    )
    return Layered([squares, figures], _CELL_ROW * max(len(rows), 1) + _NAMES_HEIGHT)


def _weekday_axis(cells: pl.DataFrame) -> alt.Y:
    """The rows of all blocks: the year, then the weekdays."""
    years = dict(cells.select("block", "year").unique().sort("block").iter_rows())
    labels = [str(label) for block in range(_last_block(cells) + 1) for label in (years[block], *_WEEKDAYS)]
    by_row = "[" + ", ".join(f"'{label}'" for label in labels) + "][datum.value]"
    axis = alt.Axis(title=None, labelExpr=by_row, domain=False, ticks=False, labelFontSize=11, labelOverlap=False)
    return alt.Y("row:O", axis=axis, scale=alt.Scale(domain=list(range(len(labels))), paddingInner=0.1))


def _month_names(cells: pl.DataFrame) -> pl.DataFrame:
    """The names of months above their first week with a day; where two names would overlap, only the later one."""
    month = pl.col("day").dt.truncate("1mo")
    firsts = cells.group_by("block", month.alias("month")).agg(pl.col("column").min()).sort("month")
    next_column = pl.col("column").shift(-1).over("block", order_by="month")
    clear = firsts.filter((next_column - pl.col("column")).fill_null(_LABEL_WEEKS) >= _LABEL_WEEKS)
    return clear.select("column", row=pl.col("block") * _BLOCK_ROWS, month=pl.col("month").dt.strftime("%b"))


def _state_legend(names: Mapping[str, str], letters: Mapping[str, str]) -> alt.Legend:
    texts = {state: " ".join(filter(None, (letters[state], name))) for state, name in names.items()}
    by_state = "{" + ", ".join(f"'{state}': '{text}'" for state, text in texts.items()) + "}[datum.label]"
    return alt.Legend(title=None, orient="top", symbolType="square", labelExpr=by_state, labelLimit=260, columns=2)


def _last_block(cells: pl.DataFrame) -> int:
    last = cells["block"].max()
    assert isinstance(last, int)
    return last


def _column_names(columns: int) -> alt.Axis:
    vertical = f"width < {_COLUMN_WIDTH * columns}"
    return alt.Axis(
        orient="top", domain=False, ticks=False, labelLimit=130, labelPadding=6, labelFontSize=12, labelOverlap=False,
        labelAngle=alt.expr(f"{vertical} ? -90 : 0"),
        labelAlign=alt.expr(f"{vertical} ? 'left' : 'center'"),
        labelBaseline=alt.expr(f"{vertical} ? 'middle' : 'bottom'"),
    )  # fmt: skip
