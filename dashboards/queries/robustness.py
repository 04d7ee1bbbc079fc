"""The robustness page: the headline under each definition, and the interval of the baseline."""

from datetime import date

import polars as pl

from dashboards.data.cache import cached
from dashboards.data.warehouse import Store, rows
from dashboards.queries.shared import tracker


@cached(20)
def headlines(store: Store, models: str) -> pl.DataFrame:
    """Each headline under each definition, the baseline first: number, headline, definition, value, crossed_on, ..."""
    return tracker(store).robustness(models)


@cached(20)
def interval(store: Store, models: str) -> pl.DataFrame:
    """When China passed the United States under the baseline: crossed_on, low, high; one row or none."""
    sql = """
        select crossed_on, low, high
        from crossovers
        where metric = 'downloads' and task_class = $models and lens = 'publisher' and layer = 'all'
            and a = 'CN' and b = 'US'
    """
    return rows(store, sql, {"models": models})


@cached(20)
def days(store: Store, models: str) -> tuple[date, date] | None:
    """First and last day from which the headlines are counted."""
    sql = """
        select min(day), max(day) from panel_days
        where task_class = $models and flow_segment = (select max(segment) from segments where task_class = $models)
            and exists (select 1 from robustness_days where task_class = $models)
    """
    first, last = rows(store, sql, {"models": models}).row(0)
    return None if first is None else (first, last)
