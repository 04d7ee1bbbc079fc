"""A chart of any query result: a first choice that suits its columns, the rows drawn, and the chart."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import altair as alt
import polars as pl

from dashboards.charts.axes import COUNT_LABELS, DAY_FORMAT, milliseconds
from dashboards.charts.colours import DASHES, NEUTRALS, ORIGINS
from dashboards.data import format

MOST_POINTS = 5_000
MOST_BARS = 50
MOST_COLOURS = 8
_HEIGHT = 400
_BAR = 22


@dataclass(frozen=True, slots=True)
class Choice:
    """The kind of chart and its columns by name."""

    kind: str
    """line, bar or scatter."""

    x: str
    y: str
    """A numeric column."""

    colour: str | None

    @property
    def state(self) -> dict[str, str]:
        """Key -> value of the page's controls."""
        return {"chart": self.kind, "x": self.x, "y": self.y, "colour": self.colour or ""}


@dataclass(frozen=True, slots=True)
class Columns:
    """The columns of a result by type, in their order."""

    numbers: tuple[str, ...]
    times: tuple[str, ...]
    texts: tuple[str, ...]
    """All other columns, drawn as text."""

    @property
    def all(self) -> tuple[str, ...]:
        """Times first, then texts, then numbers."""
        return (*self.times, *self.texts, *self.numbers)


def columns(frame: pl.DataFrame) -> Columns:
    """The columns of a result by type."""
    numbers = tuple(name for name, kind in frame.schema.items() if kind.is_numeric())
    times = tuple(name for name, kind in frame.schema.items() if kind in (pl.Date, pl.Datetime))
    return Columns(numbers, times, tuple(name for name in frame.columns if name not in numbers + times))


def guess(frame: pl.DataFrame) -> Choice | None:
    """The chart that the first non-numeric column suggests: lines over days, bars of names, otherwise points.

    None if there is nothing to draw.
    """
    found = columns(frame)
    if frame.is_empty() or not found.numbers:
        return None
    number = found.numbers[0]
    lead = next((name for name in frame.columns if name not in found.numbers), None)
    if lead in found.times:
        return _over_time(frame, lead, number, found.texts)
    if lead is not None:
        return Choice("bar", lead, number, _few(frame, found.texts[1:]) if _repeats(frame, lead) else None)
    return Choice("scatter", number, found.numbers[1], None) if len(found.numbers) > 1 else None


def drawable(frame: pl.DataFrame, choice: Choice) -> pl.DataFrame:
    """The rows to draw: the largest MOST_COLOURS colours, the first MOST_BARS bars, the first MOST_POINTS rows."""
    drawn = frame
    if choice.colour is not None:
        largest = (
            frame.group_by(choice.colour)
            .agg(pl.col(choice.y).cast(pl.Float64).max().alias("most"))
            .sort("most", choice.colour, descending=[True, False], nulls_last=True)
            .head(MOST_COLOURS)
        )
        drawn = frame.join(largest, on=choice.colour, how="semi", nulls_equal=True, maintain_order="left")
    if choice.kind == "bar":
        bars = drawn.select(pl.col(choice.x).unique(maintain_order=True)).head(MOST_BARS)
        drawn = drawn.join(bars, on=choice.x, how="semi", nulls_equal=True, maintain_order="left")
    return drawn.head(MOST_POINTS)


def chart(frame: pl.DataFrame, choice: Choice) -> alt.Chart:
    """The chart of `drawable` rows; axes and tooltips have the names of the columns."""
    base = alt.Chart(_prepared(frame, choice))
    tips = [alt.Tooltip("text_x:N", title=choice.x), alt.Tooltip("text_y:N", title=choice.y)]
    if choice.colour is not None:
        tips.append(alt.Tooltip("colour:N", title=choice.colour))
    mark = {
        "line": base.mark_line(strokeWidth=2.5, point=frame.height <= 100),
        "bar": base.mark_bar(),
        "scatter": base.mark_point(filled=True, size=45, opacity=0.8),
    }[choice.kind]
    x, y = _x(frame, choice), alt.Y("y:Q", title=choice.y, axis=_number_axis(choice.y))
    is_named = choice.kind == "bar" and not x.shorthand.endswith((":T", ":Q"))
    if is_named:
        x, y = alt.X("y:Q", title=choice.y, axis=_number_axis(choice.y)), alt.Y("x:N", title=None, sort=None)
    encoding: dict[str, Any] = {"x": x, "y": y, "tooltip": tips, "color": _colour(frame, choice)}
    if choice.kind == "line" and choice.colour is not None:
        encoding["strokeDash"] = _dash(frame, choice.colour)
    height = _BAR * frame[choice.x].n_unique() + 60 if is_named else _HEIGHT
    drawn: alt.Chart = mark.encode(**encoding).properties(height=height)
    return drawn


def described(frame: pl.DataFrame, choice: Choice) -> str:
    """The alternative text: kind, columns, number of rows and range of values."""
    values = frame[choice.y].cast(pl.Float64).drop_nulls()
    low, high = (None, None) if values.is_empty() else (float(values.min()), float(values.max()))  # type: ignore[arg-type]
    kind = {"line": "Line chart", "bar": "Bar chart", "scatter": "Scatter chart"}[choice.kind]
    apart = f", coloured by {choice.colour}" if choice.colour else ""
    return (
        f"{kind} of {choice.y} by {choice.x}{apart}: {format.count(frame.height, 'row')}, "
        f"{choice.y} from {format.compact(low)} to {format.compact(high)}."
    )


def colours(values: Sequence[str]) -> dict[str, str]:
    """Value -> colour: a country has its own, other values get the remaining ones."""
    own = {value: ORIGINS[value] for value in values if value in ORIGINS}
    free = iter([colour for colour in ORIGINS.values() if colour not in own.values()])
    return {value: own.get(value) or next(free) for value in values}


def _over_time(frame: pl.DataFrame, day: str, number: str, texts: Sequence[str]) -> Choice:
    """One line, or a line per value of the first text that is unique within each day; otherwise points."""
    if not _repeats(frame, day):
        return Choice("line", day, number, None)
    for text in texts:
        if frame[text].n_unique() * 2 <= frame.height and not _repeats(frame, day, text):
            return Choice("line", day, number, text)
    return Choice("scatter", day, number, _few(frame, texts))


def _repeats(frame: pl.DataFrame, *names: str) -> bool:
    return int(frame.select(pl.struct(*names).n_unique()).item()) < frame.height


def _few(frame: pl.DataFrame, names: Sequence[str]) -> str | None:
    """The first of some columns that has two values or more, and few."""
    return next((name for name in names if 2 <= frame[name].n_unique() <= MOST_COLOURS), None)


def _prepared(frame: pl.DataFrame, choice: Choice) -> pl.DataFrame:
    """x, y, colour and the texts of the tooltip, under names without special characters."""
    number = pl.col(choice.y).cast(pl.Float64)
    x = pl.col(choice.x)
    if frame.schema[choice.x] in (pl.Date, pl.Datetime):
        place = milliseconds(choice.x)
    else:
        place = x.cast(pl.Float64) if frame.schema[choice.x].is_numeric() else _text(choice.x)
    parts: dict[str, pl.Expr | pl.Series] = {
        "x": place,
        "y": pl.when(number.is_finite()).then(number),
        "text_x": _text(choice.x),
        "text_y": format.text_column(frame[choice.y], _exact, unknown=format.UNKNOWN),
    }
    if choice.colour is not None:
        parts["colour"] = _text(choice.colour)
    return frame.select(**parts)


def _x(frame: pl.DataFrame, choice: Choice) -> alt.X:
    kind = frame.schema[choice.x]
    if kind in (pl.Date, pl.Datetime):
        axis = alt.Axis(format=DAY_FORMAT, grid=False, tickCount=5, labelOverlap=True, labelFlush=True)
        return alt.X("x:T", title=None, axis=axis, scale=alt.Scale(type="utc"))
    if kind.is_numeric():
        return alt.X("x:Q", title=choice.x, axis=_number_axis(choice.x), scale=alt.Scale(zero=False))
    return alt.X("x:N", title=choice.x, sort=None)


def _number_axis(name: str) -> alt.Axis:
    return alt.Axis(title=name, labelExpr=COUNT_LABELS, tickCount=5, domain=False, ticks=False)


def _colour(frame: pl.DataFrame, choice: Choice) -> Any:
    if choice.colour is None:
        return alt.value(NEUTRALS[0])
    by_value = colours(_values(frame, choice.colour))
    return alt.Color(
        "colour:N", title=choice.colour, scale=alt.Scale(domain=list(by_value), range=list(by_value.values())),
        legend=alt.Legend(orient="top", columns=4, labelLimit=140),
    )  # fmt: skip


def _dash(frame: pl.DataFrame, colour: str) -> alt.StrokeDash:
    values = _values(frame, colour)
    dashes = [list(DASHES[place % len(DASHES)]) for place in range(len(values))]
    return alt.StrokeDash("colour:N", legend=None, scale=alt.Scale(domain=values, range=dashes))


def _values(frame: pl.DataFrame, name: str) -> list[str]:
    return frame.select(_text(name))[name].unique(maintain_order=True).to_list()


def _text(name: str) -> pl.Expr:
    return pl.col(name).cast(pl.String).fill_null(format.UNKNOWN)


def _exact(value: Any) -> str:
    if value is None:
        return format.UNKNOWN
    return f"{value:,}" if isinstance(value, int) else f"{float(value):,.6g}"
