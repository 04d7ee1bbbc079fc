"""Dots over weeks, one row a kind, as large as there are many."""

from collections.abc import Mapping

import altair as alt
import polars as pl

from dashboards.data import format

_ROW = 34
_COLOUR = "#386a83"


def dots(weeks: pl.DataFrame, totals: Mapping[str, int]) -> alt.Chart:
    """`weeks` has week, kind, events; `totals` (kind -> events) gives the rows, from the top."""
    labels = {kind: f"{kind} ({number:,})" for kind, number in totals.items()}
    drawn = weeks.with_columns(
        kind=pl.col("kind").replace_strict(labels, return_dtype=pl.String),
        said=pl.col("week").dt.strftime("%Y-%m-%d"),
        exact=format.text_column(weeks["events"], format.exact),
        week=pl.col("week").cast(pl.Datetime("ms")).dt.epoch("ms").cast(pl.Float64),
    )
    drawn_dots: alt.Chart = (
        alt.Chart(drawn, height=_ROW * len(labels) + 30)
        .mark_circle(color=_COLOUR, opacity=0.85)
        .encode(
            x=alt.X(
                "week:T", scale=alt.Scale(type="utc"),
                axis=alt.Axis(title=None, format="%-d %b %Y", tickCount=5, labelOverlap=True, labelFlush=True),
            ),
            y=alt.Y("kind:N", sort=list(labels.values()), axis=alt.Axis(title=None, labelLimit=180, grid=True)),
            size=alt.Size("events:Q", scale=alt.Scale(type="sqrt", range=[12, _largest(weeks)]), legend=None),
            tooltip=[
                alt.Tooltip("kind:N", title="Kind"), alt.Tooltip("said:N", title="Week from"),
                alt.Tooltip("exact:N", title="Events"),
            ],
        )
    )  # fmt: skip
    return drawn_dots


def _largest(weeks: pl.DataFrame) -> float:
    """Area of the largest dot: of many weeks each has less room."""
    return min(max(9_000 / max(weeks["week"].n_unique(), 1), 60.0), 400.0)


def described(weeks: pl.DataFrame, totals: Mapping[str, int]) -> str:
    """The dots in words: how many events of each kind, and the week with most."""
    said = []
    for kind, number in totals.items():
        busiest = (
            weeks.filter(pl.col("kind") == kind).sort("events", "week", descending=[True, False]).row(0, named=True)
        )
        said.append(f"{format.count(number, kind, kind)}, most in the week of {format.day(busiest['week'])}")
    return f"Events by kind and week: {'; '.join(said)}."
