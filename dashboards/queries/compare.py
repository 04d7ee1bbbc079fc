"""The compare page: up to eight lines over days, from the Python API."""

from datetime import date, timedelta

import polars as pl

from dashboards.charts import periods
from dashboards.data.cache import cached
from dashboards.data.definition import Definition
from dashboards.data.warehouse import Store, rows
from dashboards.queries import first_readings
from dashboards.queries.compare_choices import BY, releases
from dashboards.queries.shared import last_whole_day, tracker
from dashboards.text.comparison import Comparison

_ROLLBACKS = """
with days as (select distinct day from quality_events where kind = 'rollback'),
spells as (select day, day - row_number() over (order by day)::int as spell from days)
select min(day) as first, max(day) as last from spells group by spell order by first
"""

_EVENTS = "select event_date, kind, title from events where list_contains($kinds::varchar[], kind) order by all"

_BEFORE_MONTHS = date(2022, 3, 1)
"""Repositories of this month or earlier have this month as their date of creation."""

FIRST_MONTH = date(2022, 4, 1)
"""The first exact month of creation: no chart of this page begins earlier."""

_FAMILY_LABS = "select family, lab from families"


@cached(200)
def lines(
    store: Store, comparison: Comparison, definition: Definition, min_downloads: int, at: date | None
) -> tuple[pl.DataFrame, date | int | None]:
    """The lines as drawn (day or age, code, value, total, share, index), and the base of the index, if there is one."""
    kind, codes, axes = comparison.kind, comparison.codes, comparison.axes
    if comparison.measure == "derivatives":
        found = derivatives(store, definition.models, kind, codes, min_downloads)
    else:
        found = days(store, definition, kind, codes, comparison)
        found = found if comparison.has_breaks else found.drop("segment")
    released = releases(store, kind, codes) if axes.x == "age" else {}
    steps = periods.aggregated(_within(found, comparison), axes, comparison.is_flow, released)
    return periods.indexed(steps, axes, at) if comparison.view == "index" else (steps, None)


def _within(found: pl.DataFrame, comparison: Comparison) -> pl.DataFrame:
    """The days within the date range, which does not apply to ages."""
    if not comparison.is_cut:
        return found
    since, until = comparison.since or date.min, comparison.until or date.max
    return found.filter(pl.col("day").is_between(since, until))


@cached(200)
def days(
    store: Store, definition: Definition, kind: str, codes: tuple[str, ...], comparison: Comparison
) -> pl.DataFrame:
    """Each line by day: day, code, value, total (of all repositories that the definition counts), segment.

    Single repositories, and roots with their descendants, ignore the filters; their total is of all repositories. A
    line of which a large part is read for the first time has another segment from then on.
    """
    metric, as_read = comparison.metric, not comparison.is_added_up
    if kind == "models":
        whole = Definition(lens=definition.lens, models="all")
        found = _single(store, codes, metric, comparison.is_of_roots)
    else:
        whole, by = definition, BY[kind]
        api = tracker(store)
        found = api.adoption(by=by, metric=metric, of=codes, as_read=as_read, **definition.switches).rename(
            {by: "code"}
        )
    value = pl.col(metric).alias("value")
    days = found.select("day", "code", value).join(_totals(store, whole, metric, as_read), on="day", how="left")
    return periods.with_breaks(days, first_read(store, definition, kind, codes, comparison))


def first_read(
    store: Store, definition: Definition, kind: str, codes: tuple[str, ...], comparison: Comparison
) -> pl.DataFrame:
    """The days on which a large part of a line is read for the first time: day, code, share, read_on."""
    if kind == "models" or not comparison.has_breaks or comparison.is_added_up:
        return pl.DataFrame(schema={"day": pl.Date, "code": pl.String, "share": pl.Float64, "read_on": pl.Date})
    return first_readings.breaks(store, definition, BY[kind], codes, is_flow=comparison.is_flow)


@cached(200)
def _single(store: Store, codes: tuple[str, ...], metric: str, is_of_roots: bool) -> pl.DataFrame:
    """Single repositories, or roots with their descendants, by day: day, code, the metric."""
    api = tracker(store)
    single = api.root_downloads if is_of_roots else api.counts
    return single(codes, metric).rename({"repo_id": "code"})


@cached(200)
def _totals(store: Store, definition: Definition, metric: str, as_read: bool) -> pl.DataFrame:
    """The total of all repositories that a definition counts: day, total, segment."""
    found = tracker(store).adoption(by="layer", metric=metric, as_read=as_read, **definition.switches)
    return found.group_by("day").agg(pl.col("segment").first(), total=pl.col(metric).sum())


@cached(200)
def derivatives(store: Store, models: str, kind: str, codes: tuple[str, ...], min_downloads: int) -> pl.DataFrame:
    """New derivatives by the root or what it belongs to, a row for every whole month: day, code, value, total.

    A month without derivatives between the first and the last counts zero.
    """
    every = _whole(store, tracker(store).derivatives(min_downloads, models=models))
    totals = every.group_by("day").agg(total=pl.col("derivatives").sum())
    counted = _whole(store, _credited(store, models, kind, codes, min_downloads))
    counted = counted.group_by("day", "code").agg(value=pl.col("derivatives").sum())
    months = _months(totals).join(counted.select("code").unique(), how="cross")
    filled = months.join(counted, on=["day", "code"], how="left").join(totals, on="day", how="left")
    return filled.with_columns(pl.col("value", "total").fill_null(0.0)).sort("day", "code")


def _credited(store: Store, models: str, kind: str, codes: tuple[str, ...], min_downloads: int) -> pl.DataFrame:
    """New derivatives of the selected lines: month, code, derivatives."""
    api = tracker(store)
    if kind in ("generations", "models"):
        by = "repo_id" if kind == "models" else "generation"
        return api.root_derivatives(by, codes, min_downloads, models).rename({by: "code"})
    labs = rows(store, _FAMILY_LABS).rename({"family": "root_family", "lab": "root_lab"})
    placed = api.derivatives(min_downloads, models=models).join(labs, on="root_family", how="left")
    code = pl.col({"origins": "root_origin", "labs": "root_lab", "families": "root_family"}[kind]).alias("code")
    return placed.select("month", code, "derivatives").filter(pl.col("code").is_in(codes))


def _whole(store: Store, months: pl.DataFrame) -> pl.DataFrame:
    """The complete months with an exact date; `month` becomes `day`."""
    is_whole = pl.col("month").is_between(_BEFORE_MONTHS, _first_open_month(last_whole_day(store)), closed="none")
    return months.filter(is_whole).rename({"month": "day"})


@cached(50)
def events(store: Store, kinds: tuple[str, ...]) -> pl.DataFrame:
    """Events of some kinds: event_date, kind, title."""
    return rows(store, _EVENTS, {"kinds": list(kinds)})


@cached(20)
def rollbacks(store: Store) -> pl.DataFrame:
    """Spells of consecutive days with a rollback of all-time counters: first, last."""
    return rows(store, _ROLLBACKS)


@cached(200)
def dips(store: Store, comparison: Comparison, definition: Definition) -> pl.DataFrame:
    """Where the lines of an all-time counter show a rollback: first, last, day or age, code; none of other measures."""
    kind, codes, axes = comparison.kind, comparison.codes, comparison.axes
    is_as_read = comparison.measure == "all_time" and not comparison.is_added_up
    spells = rollbacks(store) if is_as_read else pl.DataFrame()
    if spells.is_empty():
        x = pl.Int64() if axes.x == "age" else pl.Date()
        return pl.DataFrame(schema={"first": pl.Date(), "last": pl.Date(), axes.x: x, "code": pl.String()})
    read = days(store, definition, kind, codes, comparison)
    released = releases(store, kind, codes) if axes.x == "age" else {}
    return periods.rollback_dips(read, spells, axes, comparison.view, released)


@cached(20)
def event_kinds(store: Store) -> tuple[str, ...]:
    """The kinds of event in the registry."""
    return tuple(rows(store, "select distinct kind from events order by kind")["kind"])


@cached(20)
def span(store: Store) -> tuple[date, date]:
    """The first and the last day with figures."""
    found = rows(store, "select min(day) as first, max(day) as last from origin_days").row(0)
    last = last_whole_day(store)
    return found[0] or last, found[1] or last


def _first_open_month(last: date) -> date:
    """The first month that is not complete on `last`."""
    return (last + timedelta(days=1)).replace(day=1)


def _months(totals: pl.DataFrame) -> pl.DataFrame:
    if totals.is_empty():
        return totals.select("day")
    first, last = totals["day"].min(), totals["day"].max()
    assert isinstance(first, date) and isinstance(last, date)
    return pl.DataFrame({"day": pl.date_range(first, last, interval="1mo", eager=True)})
