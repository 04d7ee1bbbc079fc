"""Days gathered into weeks and months, moved to the day of release, and indexed. Pure.

A frame here has day (or age), code, value, total: what all together had, of which a share is taken.
"""

from collections.abc import Mapping
from datetime import date

import polars as pl

from dashboards.charts.axes import Axes


def gathered(frame: pl.DataFrame, axes: Axes, is_flow: bool, releases: Mapping[str, date]) -> pl.DataFrame:
    """`frame` (day, code, value, total) against `axes`: day or age, code, value, total, share.

    A period of a flow (downloads of a day) is the sum of its days, and is left out unless all of them are known; a
    period of a counter is its last known value. Weeks begin on Monday; counted from a release, a week has seven days, a
    month thirty, and days before the release and lines without a day of release are left out.
    """
    known = frame.filter(pl.col("value").is_not_null()).sort("day")
    value, total = (_summed(name) if is_flow else pl.col(name).last() for name in ("value", "total"))
    periods = (
        placed(known, axes, releases)
        .group_by(axes.x, "code", "days")
        .agg(value, total)
        .filter(pl.col("value").is_not_null())
    )
    share = pl.when(pl.col("total") > 0).then(pl.col("value") / pl.col("total")).alias("share")
    return periods.select(axes.x, "code", "value", "total", share).sort(axes.x, "code")


def placed(frame: pl.DataFrame, axes: Axes, releases: Mapping[str, date]) -> pl.DataFrame:
    """`frame` (day, code, ...) with the step of each row in the column of `axes`, and the days that step has."""
    return _aged(frame, axes, releases) if axes.x == "age" else _dated(frame, axes)


def indexed(frame: pl.DataFrame, axes: Axes, at: date | None = None) -> tuple[pl.DataFrame, date | int | None]:
    """`frame` with the column index, 100 at the base, and the base: the first day or age on which all lines are known.

    A chosen day `at` moves the base to the first such day from it on (on the calendar alone). A base has values above
    zero. Where there is none, the base is None and every index is unknown.
    """
    fit = frame.filter(pl.col("value") > 0)
    if at is not None and axes.x == "day":
        fit = fit.filter(pl.col("day") >= at)
    lines = frame["code"].n_unique()
    common = fit.group_by(axes.x).agg(pl.col("code").n_unique()).filter(pl.col("code") == lines)
    if common.is_empty():
        return frame.with_columns(index=pl.lit(None, dtype=pl.Float64)), None
    base = common[axes.x].sort()[0]
    bases = frame.filter(pl.col(axes.x) == base).select("code", base_value="value")
    index = (100 * pl.col("value") / pl.col("base_value")).alias("index")
    return frame.join(bases, on="code", how="left", maintain_order="left").with_columns(index).drop("base_value"), base


def _dated(frame: pl.DataFrame, axes: Axes) -> pl.DataFrame:
    start = pl.col("day").dt.truncate(axes.interval)
    length = (start.dt.offset_by(axes.interval) - start).dt.total_days()
    return frame.with_columns(days=length, day=start)


def _aged(frame: pl.DataFrame, axes: Axes, releases: Mapping[str, date]) -> pl.DataFrame:
    released = pl.DataFrame(
        {"code": list(releases), "released_on": list(releases.values())},
        schema={"code": pl.String, "released_on": pl.Date},
    )
    age = (pl.col("day") - pl.col("released_on")).dt.total_days()
    aged = frame.join(released, on="code", how="inner", maintain_order="left").with_columns(age=age)
    born = aged.filter(pl.col("age") >= 0)
    days = axes.step_days
    return born.with_columns(days=pl.lit(days, dtype=pl.Int64), age=pl.col("age") // days * days)


def _summed(name: str) -> pl.Expr:
    whole = pl.col(name).count() == pl.col("days").first()
    return pl.when(whole).then(pl.col(name).sum()).alias(name)
