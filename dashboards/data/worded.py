"""Columns in words: what plain Python says of each value. Pure.

Not by `map_elements`: Polars calls Python back from threads of its own, where two pages at once can wait for each other
for ever.
"""

from collections.abc import Callable
from typing import Any

import polars as pl


def worded(values: pl.Series, say: Callable[[Any], str], name: str | None = None) -> pl.Series:
    """What is said of each known value; unknown stays unknown."""
    texts = [None if value is None else say(value) for value in values.to_list()]
    return pl.Series(name or values.name, texts, dtype=pl.String)


def all_worded(values: pl.Series, say: Callable[[Any], str], name: str | None = None) -> pl.Series:
    """What is said of each value, also of what is unknown (None)."""
    return pl.Series(name or values.name, [say(value) for value in values.to_list()], dtype=pl.String)


def settled(points: pl.Expr) -> pl.Expr:
    """Percentage points in which what reads as nothing with one decimal is 0: a table shows neither -0.0 nor +0.0."""
    return pl.when(points.abs() < 0.05).then(0.0).otherwise(points)
