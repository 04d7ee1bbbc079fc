"""The page of rulers: shares of open weights on each ruler over the same days, and what each counts."""

import polars as pl

from dashboards.data.cache import cached
from dashboards.data.warehouse import Store, rows
from dashboards.queries.shared import tracker

_AXES = "select * from axes order by axis"

_LEFT_OUT = """
with newest as (
    select axis, max(day) as day from axis_days where not is_cumulative group by axis
)
select days.axis, days.entity as name, days.weights, days.value, days.value / sum(days.value) over by_axis as share
from axis_days as days
join newest using (axis, day)
where not days.is_cumulative and days.metric != 'likes'
window by_axis as (partition by days.axis)
qualify days.weights in ('unknown', 'undisclosed') or (days.weights = 'open' and days.lab is null)
order by share desc, name
"""


@cached(20)
def axes(store: Store) -> pl.DataFrame:
    """The rulers that were read besides the Hub's downloads: the rows of the table `axes`."""
    return rows(store, _AXES)


@cached(20)
def shares(store: Store, by: str, days: int) -> pl.DataFrame:
    """One row per ruler and origin or lab: axis, code, value, share, rank, coverage, days, first_day, last_day."""
    return tracker(store).axis_shares(by=by, days=days).rename({by: "code"})


@cached(20)
def left_out(store: Store) -> pl.DataFrame:
    """Entries that have no share on the newest day of each ruler: axis, name, weights, value, share (of the total)."""
    return rows(store, _LEFT_OUT)
