"""Where the series of a chart breaks, and the large models that move it: shared by all charts over days."""

import polars as pl

from dashboards.data.warehouse import Store
from dashboards.queries import segments as queries
from dashboards.text import segments as words


def segment_events(store: Store, models: str, metric: str, days: pl.DataFrame, lens: str | None = None) -> pl.DataFrame:
    """Events of a chart of `days`: event_date, kind, title and, with a lens, the country of a model as code."""
    changes = queries.large_changes(store, models, metric)
    if lens:
        changes = changes.with_columns(code=f"{lens}_origin")
    return words.within(queries.breaks(store, models, metric), changes, days)
