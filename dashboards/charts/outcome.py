"""What lines come to: the last value of each, its change, its peak; and where all of them can be compared. Pure.

A frame here is one that a chart of lines draws: day or age, code, value, share, and index where there is one.
"""

from datetime import date

import polars as pl

from dashboards.charts.axes import Axes, Step, View

_BACK: dict[Step, str] = {"day": "-30d", "week": "-4w", "month": "-1mo"}
_DAYS_BACK: dict[Step, int] = {"day": 30, "week": 28, "month": 30}
"""How far back the change of a line looks: thirty days, or the whole steps nearest to them."""


def outcome(frame: pl.DataFrame, axes: Axes, view: View) -> pl.DataFrame:
    """A row per line, the largest first: code, at, value, share, index, change, since, peak, peak_at.

    `at` is the last step (day or age) on which the line is known. `change` is against the step `since`: the one about
    thirty days before, or the first one known where that is not; of shares in points (0 to 1), of all else relative.
    `peak` is the highest share where shares are drawn, else the highest value.
    """
    drawn, x = "share" if view == "share" else "value", pl.col(axes.x)
    known = frame.filter(pl.col(drawn).is_not_null()).sort(axes.x, "code")
    figure = pl.col(drawn)
    highest = figure == figure.max()
    lines = known.group_by("code").agg(
        x.last().alias("at"),
        *(pl.col(name).last() for name in ("value", "share", "index") if name in frame.columns),
        x.first().alias("first"),
        figure.first().alias("at_first"),
        figure.max().alias("peak"),
        x.filter(highest).first().alias("peak_at"),
    )
    before = known.select("code", x.alias("since"), figure.alias("before"))
    lines = lines.with_columns(since=_back(axes)).join(before, on=["code", "since"], how="left")
    is_known, is_later = pl.col("before").is_not_null(), pl.col("at") > pl.col("first")
    since = pl.when(is_known).then("since").otherwise(pl.when(is_later).then("first"))
    was = pl.when(is_known).then("before").otherwise(pl.when(is_later).then("at_first"))
    change = pl.col(drawn) - was if view == "share" else pl.when(was > 0).then(pl.col(drawn) / was - 1)
    order = "index" if view == "index" else drawn
    return (
        lines.with_columns(change.alias("change"), since.alias("since"))
        .drop("first", "at_first", "before")
        .sort(order, "code", descending=[True, False], nulls_last=True)
    )


def compared_at(frame: pl.DataFrame, axes: Axes, view: View) -> date | int | None:
    """The step on which lines are compared: the last on which any is known, or of ages the last at which all are."""
    known = frame.filter(pl.col(view).is_not_null())
    if axes.x == "age":
        lines = known["code"].n_unique()
        known = known.group_by("age").agg(pl.col("code").n_unique()).filter(pl.col("code") == lines)
    last = known[axes.x].max()
    assert last is None or isinstance(last, date | int)
    return last


def late(frame: pl.DataFrame, days: int = 7) -> tuple[str, ...]:
    """The lines against ages that are not known until later than `days` after release."""
    first = frame.filter(pl.col("value").is_not_null()).group_by("code").agg(pl.col("age").min())
    return tuple(first.filter(pl.col("age") >= days)["code"].sort())


def _back(axes: Axes) -> pl.Expr:
    if axes.x == "age":
        return pl.col("at") - _DAYS_BACK[axes.step]
    return pl.col("at").dt.offset_by(_BACK[axes.step])
