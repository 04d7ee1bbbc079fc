"""Frames of lines: days aggregated to weeks and months, moved to the day of release, indexed, summarised.

A frame has day (or age), code, value and total: the sum over everything, of which a share is computed. It may have
segment, where the models read differ between days, for all lines or for one: sums, changes and indices are then of days
of one segment.
"""

from collections.abc import Mapping
from datetime import date

import polars as pl

from dashboards.charts.axes import Axes, Step, View

_ROLLBACK = ("first", "last")
_CHANGE_OVER: dict[Step, str] = {"day": "-30d", "week": "-4w", "month": "-1mo"}
_CHANGE_DAYS: dict[Step, int] = {"day": 30, "week": 28, "month": 30}
"""How far back a change looks: thirty days, or the whole steps nearest to them."""


def aggregated(frame: pl.DataFrame, axes: Axes, is_flow: bool, releases: Mapping[str, date]) -> pl.DataFrame:
    """`frame` (day, code, value, total) by the steps of `axes`: day or age, code, value, total, share, segment.

    For a flow (downloads of a day) a step is the sum of its days, and is left out unless all of them are known and of
    one segment; for a counter it is the last known value. Weeks begin on Monday. On an axis of ages a week has seven
    days and a month thirty; days before the release and lines without a release are left out.
    """
    known = _with_segment(frame).filter(pl.col("value").is_not_null()).sort("day")
    value, total = (_whole_sum(name) if is_flow else pl.col(name).last() for name in ("value", "total"))
    steps = (
        with_steps(known, axes, releases)
        .group_by(axes.x, "code", "days")
        .agg(value, total, pl.col("segment").last())
        .filter(pl.col("value").is_not_null())
    )
    share = pl.when(pl.col("total") > 0).then(pl.col("value") / pl.col("total")).alias("share")
    return steps.select(axes.x, "code", "value", "total", share, "segment").sort(axes.x, "code")


def with_steps(frame: pl.DataFrame, axes: Axes, releases: Mapping[str, date]) -> pl.DataFrame:
    """`frame` (day, code, ...) with the step of each row in the column of `axes`, and the days of that step."""
    return _by_age(frame, axes, releases) if axes.x == "age" else _by_period(frame, axes)


def indexed(frame: pl.DataFrame, axes: Axes, since: date | None = None) -> tuple[pl.DataFrame, date | int | None]:
    """`frame` with the column index, 100 at the base, and the base: the first step at which all lines are above zero.

    `since` moves the base to the first such day from that day on (calendar only); otherwise it is in the last segment.
    Indices of other segments are null. Without such a step the base is None and every index is null.
    """
    frame = _with_segment(frame)
    positive = frame.filter(pl.col("value") > 0)
    if axes.x == "day":
        last = pl.col("segment").max().over("code")
        is_later = pl.col("segment").eq_missing(last) if since is None else pl.col("day") >= since
        positive = positive.filter(is_later)
    common = _common_steps(positive, axes, frame["code"].n_unique())
    if common.is_empty():
        return frame.with_columns(index=pl.lit(None, dtype=pl.Float64)), None
    base = common[axes.x].sort()[0]
    bases = frame.filter(pl.col(axes.x) == base).select("code", base_value="value", base_segment="segment")
    is_comparable = pl.col("segment").eq_missing(pl.col("base_segment"))
    index = pl.when(is_comparable).then(100 * pl.col("value") / pl.col("base_value")).alias("index")
    with_bases = frame.join(bases, on="code", how="left", maintain_order="left").with_columns(index)
    return with_bases.drop("base_value", "base_segment"), base


def with_breaks(days: pl.DataFrame, breaks: pl.DataFrame) -> pl.DataFrame:
    """`days` (day, code, segment, ...) with a further segment of a line from each of its `breaks` (day, code) on."""
    if breaks.is_empty():
        return days
    of_line = days.select("day", "code").join(breaks.select("code", begins="day"), on="code")
    passed = of_line.filter(pl.col("begins") <= pl.col("day")).group_by("day", "code").agg(pl.len().alias("passed"))
    joined = days.join(passed, on=["day", "code"], how="left", maintain_order="left")
    return joined.with_columns(pl.col("segment") + pl.col("passed").fill_null(0)).drop("passed")


def rollback_dips(
    days: pl.DataFrame, rollbacks: pl.DataFrame, axes: Axes, view: View, releases: Mapping[str, date]
) -> pl.DataFrame:
    """Where lines of a counter dip because the Hub rolled it back: first, last, day or age, code.

    `days` (day, code, value, total) are the readings, `rollbacks` (first, last) the days with rolled back counters. A
    row is the first step of a rollback at which a line dips: its last reading is of such a day and lower than before
    the rollback. A line of shares also dips where the total does.
    """
    known = days.filter(pl.col("value").is_not_null()).sort("day").with_columns(read="day")
    every = rollbacks.join(known, how="cross", maintain_order="left_right")
    earlier = every.filter(pl.col("read") < pl.col("first")).group_by("code", *_ROLLBACK, maintain_order=True)
    before = earlier.agg(pl.col("value", "total").last().name.suffix("_before"))
    drawn = with_steps(known, axes, releases).sort("read").group_by("code", axes.x).last()
    is_lower = pl.col("value") < pl.col("value_before")
    if view == "share":
        is_lower |= pl.col("total") < pl.col("total_before")
    return (
        drawn.join(before, on="code")
        .filter(pl.col("read").is_between("first", "last") & is_lower)
        .group_by(*_ROLLBACK, "code")
        .agg(pl.col(axes.x).min())
        .sort(*_ROLLBACK, "code")
        .select(*_ROLLBACK, axes.x, "code")
    )


def summary(frame: pl.DataFrame, axes: Axes, view: View) -> pl.DataFrame:
    """A row per line, the largest first: code, at, value, share, index, change, since, peak, peak_at.

    `at` is the last step at which the line is known. `change` is against the step `since`: the one about thirty days
    before, or else the first known one; in points (0 to 1) for shares, relative otherwise. `peak` is the highest share
    in a view of shares, otherwise the highest value. All are of the segment in which the line is last known.
    """
    drawn, x = "share" if view == "share" else "value", pl.col(axes.x)
    known = _with_segment(frame).filter(pl.col(drawn).is_not_null()).sort(axes.x, "code")
    known = known.filter(pl.col("segment").eq_missing(pl.col("segment").last().over("code")))
    figure = pl.col(drawn)
    lines = known.group_by("code").agg(
        x.last().alias("at"),
        *(pl.col(name).last() for name in ("value", "share", "index") if name in frame.columns),
        x.first().alias("first"),
        figure.first().alias("at_first"),
        figure.max().alias("peak"),
        x.filter(figure == figure.max()).first().alias("peak_at"),
    )
    before = known.select("code", x.alias("since"), figure.alias("before"))
    lines = lines.with_columns(since=_change_since(axes)).join(before, on=["code", "since"], how="left")
    is_known, is_later = pl.col("before").is_not_null(), pl.col("at") > pl.col("first")
    since = pl.when(is_known).then("since").otherwise(pl.when(is_later).then("first"))
    earlier = pl.when(is_known).then("before").otherwise(pl.when(is_later).then("at_first"))
    change = figure - earlier if view == "share" else pl.when(earlier > 0).then(figure / earlier - 1)
    order = "index" if view == "index" else drawn
    return (
        lines.with_columns(change.alias("change"), since.alias("since"))
        .drop("first", "at_first", "before")
        .sort(order, "code", descending=[True, False], nulls_last=True)
    )


def comparison_step(frame: pl.DataFrame, axes: Axes, view: View) -> date | int | None:
    """The step at which lines are compared: the last day on which any is known, or the last age at which all are."""
    known = frame.filter(pl.col(view).is_not_null())
    if axes.x == "age":
        known = _common_steps(known, axes, known["code"].n_unique())
    last = known[axes.x].max()
    assert last is None or isinstance(last, date | int)
    return last


def late_lines(frame: pl.DataFrame, days: int = 7) -> tuple[str, ...]:
    """The lines by age whose first known value is `days` or more after release."""
    first = frame.filter(pl.col("value").is_not_null()).group_by("code").agg(pl.col("age").min())
    return tuple(first.filter(pl.col("age") >= days)["code"].sort())


def _with_segment(frame: pl.DataFrame) -> pl.DataFrame:
    return frame if "segment" in frame.columns else frame.with_columns(segment=pl.lit(None, dtype=pl.Int64))


def _by_period(frame: pl.DataFrame, axes: Axes) -> pl.DataFrame:
    start = pl.col("day").dt.truncate(axes.interval)
    length = (start.dt.offset_by(axes.interval) - start).dt.total_days()
    return frame.with_columns(days=length, day=start)


def _by_age(frame: pl.DataFrame, axes: Axes, releases: Mapping[str, date]) -> pl.DataFrame:
    released = pl.DataFrame(
        {"code": list(releases), "released_on": list(releases.values())},
        schema={"code": pl.String, "released_on": pl.Date},
    )
    age = (pl.col("day") - pl.col("released_on")).dt.total_days()
    aged = frame.join(released, on="code", how="inner", maintain_order="left").with_columns(age=age)
    days = axes.step_days
    return aged.filter(pl.col("age") >= 0).with_columns(
        days=pl.lit(days, dtype=pl.Int64), age=pl.col("age") // days * days
    )


def _whole_sum(name: str) -> pl.Expr:
    is_whole = (pl.col(name).count() == pl.col("days").first()) & (pl.col("segment").n_unique() == 1)
    return pl.when(is_whole).then(pl.col(name).sum()).alias(name)


def _common_steps(frame: pl.DataFrame, axes: Axes, lines: int) -> pl.DataFrame:
    return frame.group_by(axes.x).agg(pl.col("code").n_unique()).filter(pl.col("code") == lines)


def _change_since(axes: Axes) -> pl.Expr:
    if axes.x == "age":
        return pl.col("at") - _CHANGE_DAYS[axes.step]
    return pl.col("at").dt.offset_by(_CHANGE_OVER[axes.step])
