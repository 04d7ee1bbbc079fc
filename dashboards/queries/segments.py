"""Where the series of a class of models breaks, because other models are read."""

from datetime import date
from typing import NamedTuple

import polars as pl

from dashboards.data.cache import cached
from dashboards.data.definition import Definition
from dashboards.data.warehouse import Store, rows
from dashboards.queries.shared import tracker

_SEGMENTS = """
select
    task_class, segment, first_day, last_day, first_flow_day, models_before, models, left_share, arrived_share,
    break_kind
from segments
order by task_class, segment
"""
_LARGE = """
select
    panels.task_class as of_class,
    changes.day - case when $is_flow and changes.kind = 'arrived' then 29 else 0 end as event_date,
    changes.kind,
    changes.repo_id,
    repositories.publisher_origin,
    (
        select arg_max(roots.root_origin, roots.weight) from lineage as roots where roots.hub_id = changes.hub_id
    ) as root_origin,
    changes.downloads_30d::double / nullif(panels.downloads_30d, 0) as share
from large_changes as changes
join panel_days as panels on panels.day = changes.read_on and panels.task_class in ('all', changes.task_class)
left join models as repositories on repositories.hub_id = changes.hub_id
where changes.downloads_30d >= 0.005 * panels.downloads_30d
    and (changes.kind != 'corrected' or $is_all_time)
    and (not $is_flow or panels.flow_segment is not null)
order by event_date, share desc
"""
_PANELS = "select day, segment, flow_segment from panel_days where task_class = $models order by day"
_FLOWS = ("downloads", "downloads_7d_mean")


class Panel(NamedTuple):
    """The segments that a day belongs to; None if it is in no series."""

    counters: int | None
    flows: int | None

    def of(self, metric: str) -> int | None:
        """The segment of a metric."""
        return self.flows if metric in _FLOWS else self.counters


def breaks(store: Store, models: str, metric: str) -> pl.DataFrame:
    """The first day after each break in the series of a metric, the models read before and since, and what changed.

    Downloads of the 30 days before a reading are known, so their series breaks earlier than those of counters.
    """
    broken = _segments(store).filter((pl.col("task_class") == models) & pl.col("break_kind").is_not_null())
    day = pl.col("first_flow_day" if metric in _FLOWS else "first_day").alias("event_date")
    return broken.select(day, "models_before", "models", "left_share", "arrived_share", "break_kind")


def large_changes(store: Store, models: str, metric: str) -> pl.DataFrame:
    """The large repositories that move the series of a metric: event_date, kind, repo_id, their country, and share.

    The country is publisher_origin, or root_origin: that of the base model with the largest weight.
    """
    changes = _large_changes(store, metric in _FLOWS, metric == "downloads_all_time")
    return changes.filter(pl.col("of_class") == models).drop("of_class")


@cached(20)
def _large_changes(store: Store, is_flow: bool, is_all_time: bool) -> pl.DataFrame:
    """The large changes of every class."""
    return rows(store, _LARGE, {"is_flow": is_flow, "is_all_time": is_all_time})


def days_since_break(store: Store, models: str) -> int | None:
    """Days from the first to the last reading of the models read now; None if the series never broke."""
    last = _segments(store).filter(pl.col("task_class") == models).tail(1).filter(pl.col("break_kind").is_not_null())
    return (last["last_day"][0] - last["first_day"][0]).days if last.height else None


@cached(20)
def _segments(store: Store) -> pl.DataFrame:
    """The segments of every class, in order: a few rows, so that another class asks nothing."""
    return rows(store, _SEGMENTS)


@cached(100)
def same_models(store: Store, definition: Definition, group: str, metric: str) -> pl.DataFrame:
    """The last days before and after the last break, over the models read on both: code, models, both shares, days."""
    by = "origin" if group == "country" else "region"
    found = tracker(store).same_models(by=by, metric=metric, **definition.switches)
    return found.rename({by: "code"})


@cached(20)
def panels(store: Store, models: str) -> dict[date, Panel]:
    """Every day of a class of models with its segments, in order; an earlier day is comparable in the same segment."""
    return {day: Panel(*segments) for day, *segments in rows(store, _PANELS, {"models": models}).iter_rows()}


def is_current(store: Store, models: str, metric: str, day: date) -> bool:
    """Whether a metric of a day is of the models read now, that is, in the last segment."""
    of_days = panels(store, models)
    last = max((panel.counters for panel in of_days.values() if panel.counters is not None), default=None)
    return day in of_days and last is not None and of_days[day].of(metric) == last
