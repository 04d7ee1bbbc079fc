"""Frames made ready for a chart: gaps kept, labels placed. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import polars as pl

from dashboards.charts.axes import Axes


@dataclass(frozen=True, slots=True)
class EndLabel:
    """The name of a line at its right end."""

    code: str
    y: float
    """Where the text stands, in units of the axis: near its line, but clear of the other labels."""


def with_gaps(frame: pl.DataFrame, axes: Axes = Axes()) -> pl.DataFrame:
    """`frame` (day or age, code, ...) with a row for every step and code in its range; unknown where nothing was read.

    A line drawn over it breaks at such a day instead of running through.
    """
    if frame.is_empty():
        return frame
    steps = pl.LazyFrame({axes.x: _steps(frame, axes)}, schema={axes.x: frame.schema[axes.x]})
    every = pl.LazyFrame({"code": frame["code"].unique().sort()}).join(steps, how="cross", maintain_order="left_right")
    told = every.join(frame.lazy(), on=[axes.x, "code"], how="left", maintain_order="left")
    return told.select(axes.x, "code", pl.exclude(axes.x, "code")).collect()


def lone_points(frame: pl.DataFrame, column: str) -> pl.DataFrame:
    """The rows of a gap-filled frame whose neighbours are both unknown: a line alone would not show them.

    The rows are in the order of `with_gaps`, each line by itself.
    """
    known, code = pl.col(column).is_not_null(), pl.col("code")
    before = known.shift(1, fill_value=False) & code.eq_missing(code.shift(1))
    after = known.shift(-1, fill_value=False) & code.eq_missing(code.shift(-1))
    return frame.filter(known & ~before & ~after)


def last_values(frame: pl.DataFrame, column: str, x: str = "day") -> dict[str, float]:
    """Code -> the last known value of `column`, largest first."""
    known = frame.lazy().filter(pl.col(column).is_not_null()).sort(x).group_by("code").agg(pl.col(column).last())
    return dict(known.sort(column, "code", descending=[True, False]).collect().iter_rows())


def end_labels(ends: dict[str, float], top: float, height: int, line_height: int = 15) -> list[EndLabel]:
    """Labels for lines that end at the values `ends`, moved apart so that none covers another.

    The axis runs from 0 to `top` over `height` pixels; labels keep `line_height` pixels between them.
    """
    if not ends or top <= 0:
        return []
    pixels = sorted((value / top * height, code) for code, value in ends.items())
    placed = _spread([pixel for pixel, _ in pixels], line_height, height)
    return [EndLabel(code, pixel / height * top) for pixel, (_, code) in zip(placed, pixels, strict=True)]


def missing_days(frame: pl.DataFrame) -> int:
    """How many days between the first and the last of `frame` have no row at all."""
    if frame.is_empty():
        return 0
    first, last = day_range(frame)
    return (last - first).days + 1 - int(frame["day"].n_unique())


def day_range(frame: pl.DataFrame) -> tuple[date, date]:
    """First and last day of a frame that has rows."""
    first, last = frame["day"].min(), frame["day"].max()
    assert isinstance(first, date) and isinstance(last, date)
    return first, last


def _steps(frame: pl.DataFrame, axes: Axes) -> pl.Series:
    if axes.x == "age":
        youngest, oldest = axes.ends(frame)
        return pl.int_range(int(youngest), int(oldest) + 1, axes.step_days, eager=True)
    first, last = day_range(frame)
    if axes.thinning:
        return axes.thinning.days(frame, "code")
    return pl.date_range(first, last, interval=axes.interval, eager=True)


def _spread(positions: Sequence[float], distance: float, ceiling: float) -> list[float]:
    """Ascending positions pushed apart upwards, then downwards from the ceiling where they ran over it."""
    placed: list[float] = []
    for position in positions:
        placed.append(max(position, placed[-1] + distance) if placed else max(position, 0.0))
    limit = ceiling
    for index in range(len(placed) - 1, -1, -1):
        placed[index] = min(placed[index], limit)
        limit = placed[index] - distance
    return placed
