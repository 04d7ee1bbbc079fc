"""The page of published figures, with or without a list of models that the reader uploads."""

import polars as pl

from dashboards.data.cache import cached
from dashboards.data.warehouse import Store
from dashboards.queries.shared import tracker

_OURS = ("our_value", "our_since", "our_until", "is_same_time", "gap")


@cached(20)
def reproductions(store: Store) -> pl.DataFrame:
    """Every published figure with ours and the gap, or why it cannot be computed."""
    return tracker(store).reproductions()


@cached(20)
def list_figures(store: Store, names: tuple[str, ...]) -> pl.DataFrame:
    """Our figures for a list of models; each row has the number of matched names."""
    return tracker(store).list_downloads(names)


def with_list(figures: pl.DataFrame, listed: pl.DataFrame) -> pl.DataFrame:
    """The figures, with those of a list replaced by the results for the reader's list."""
    on = pl.col("our_until").dt.strftime("%-d %b %Y")
    reason = (
        pl.when(pl.col("our_value").is_null())
        .then(pl.format("No model of the list you loaded that it counts was read on {}", on))
        .when("is_same_time")
        .then(pl.lit("Computed for the list you loaded"))
        .otherwise(pl.lit("Computed for the list you loaded, at a later time"))
    )
    known = pl.col("our_value").is_not_null()
    ours = listed.select(
        "figure", *(pl.when(known).then(name).alias(name) for name in _OURS), is_computable=known, because=reason
    )
    return figures.update(ours, on="figure")
