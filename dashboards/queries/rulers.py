"""The page of rulers: shares of open weights on each ruler over the same days, and what each counts."""

from typing import Literal

import polars as pl

from dashboards.data.cache import cached
from dashboards.data.warehouse import Store, rows
from dashboards.queries.shared import tracker

Subject = Literal["lab", "family"]
"""What has a share on a ruler; also its column."""

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

_OF = """
with of_ruler as (
    select min(day) as first_day, max(day) as last_day from axis_shares where axis = $axis
)
select shares.day, shares.axis as code, sum(shares.share) as share
from axis_shares as shares
join of_ruler on shares.day between of_ruler.first_day and of_ruler.last_day
where shares.axis in ($axis, 'huggingface') and shares.{by} = $code
group by shares.day, shares.axis
order by shares.day, code
"""

_PART_OF_LABS = """
select sum(case when lab is not null then downloads end) / nullif(sum(downloads), 0) as part
from adoption_days
where lens = 'publisher' and task_class = 'language' and day between $first and $last
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
def part_of_labs(store: Store, days: int) -> float | None:
    """The part of all downloads of language models on the Hub, over the days compared, that registered labs have."""
    compared = shares(store, "origin", days)
    span = {"first": compared["first_day"].min(), "last": compared["last_day"].max()}
    found: float | None = rows(store, _PART_OF_LABS, span)["part"][0]
    return found


@cached(20)
def left_out(store: Store) -> pl.DataFrame:
    """Entries that have no share on the newest day of each ruler: axis, name, weights, value, share (of the total)."""
    return rows(store, _LEFT_OUT)


@cached(20)
def rulers_of(store: Store, by: Subject, code: str) -> tuple[str, ...]:
    """The rulers besides the Hub's downloads on which a lab or family has a share."""
    sql = f"select distinct axis from axis_shares where {by} = $code and axis != 'huggingface' order by axis"
    return tuple(rows(store, sql, {"code": code})["axis"])


@cached(100)
def shares_of(store: Store, by: Subject, code: str, axis: str) -> pl.DataFrame:
    """Shares on a ruler and on the Hub by day, over the days of the ruler: day, code (the ruler), share."""
    return rows(store, _OF.format(by=by), {"axis": axis, "code": code})
