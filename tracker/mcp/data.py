"""Tools about the data themselves: status, published figures, and SQL."""

import json
import math
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from threading import BoundedSemaphore
from typing import Annotated, Any

from pydantic import Field

from tracker.api.tracker import METRICS
from tracker.mcp import arguments as given
from tracker.mcp.about import opened
from tracker.mcp.results import Column, PublishedFigure, PublishedFigures, SqlResult, Status
from tracker.sql.console import MAX_CONCURRENT, run_query
from tracker.sql.process import Limits
from tracker.warehouse.build import FILE

MAX_CELL_CHARS = 2_000
MAX_RESULT_CHARS = 100_000
"""Characters of the rows of one answer, which a language model has to read."""

SQL_LIMITS = Limits(result_mb=16)
"""Limits of a query; its rows are those of the tool's argument."""

_TURNS = BoundedSemaphore(MAX_CONCURRENT)
_TURN_SECONDS = 20.0

_STATUS = """
select
    (select min(day) from series_days where is_whole) as first_day,
    (select count(*) from series_days where is_whole) as days,
    (select count(*) from models where is_listed) as models_listed,
    (select count(*) from quality_events) as data_issues
"""
_KNOWN = f"select {', '.join(f'count({metric}) > 0 as {metric}' for metric in METRICS)} from origin_days"
_SOURCES = """
select
    source || ', scope ' || case when is_recorded then 'recorded' else scope end || ': ' || count(*) || ' days, '
        || min(day) || ' to ' || max(day) as text
from crawls
group by source, scope, is_recorded
order by count(*) desc, source, scope
"""
_RULERS = "select axis || ': ' || title || ', ' || first_day || ' to ' || last_day as text from axes order by axis"


class DataTools:
    """Tools over the newest warehouse of a home."""

    def __init__(self, home: Path, limits: Limits) -> None:
        self._home, self._limits = home, limits

    def status(self) -> Status:
        """What the data are: last day, scope, coverage, whether they are simulated, sources, and known metrics."""
        with opened(self._home) as warehouse:
            [found] = warehouse.rows(_STATUS)
            [known] = warehouse.rows(_KNOWN)
            definition = "Counters of models on the Hugging Face Hub by day, and of other rulers where they were read."
            return Status(
                about=warehouse.about(definition, "all repositories that were read"),
                built_at=warehouse.build["built_at"],
                known_metrics=[metric for metric, is_known in known.items() if is_known],
                sources=[row["text"] for row in warehouse.rows(_SOURCES)],
                rulers=[row["text"] for row in warehouse.rows(_RULERS)],
                **found,
            )

    def published_figures(self, only_computable: bool = False) -> PublishedFigures:
        """Figures that others published on open models, with ours by the same definition, or why we have none."""
        with opened(self._home) as warehouse:
            rows = warehouse.tracker.reproductions().to_dicts()
            definition = "value is the published figure, our_value ours by the same definition, gap ours minus theirs."
            notes = ("Without is_same_time, our value is of another time than the published one.",)
            return PublishedFigures(
                about=warehouse.about(definition, "what each figure names", notes=notes),
                rows=[PublishedFigure(**row) for row in rows if row["is_computable"] or not only_computable],
            )

    def sql(
        self,
        query: Annotated[
            str, Field(description="One SELECT in DuckDB's dialect; also `show tables`, `describe TABLE`.")
        ],
        limit: given.Limit = 200,
    ) -> SqlResult:
        """Run one read-only query, for what no other tool answers: no writes, files or network, at most 10 seconds.

        Start with the views models_now, model_history, adoption, origin_months, family_months and rankings.
        `describe models_now` says what each column means. `origin` has codes (CN), `origin_name` names (China).
        """
        with _turn():
            result = run_query(self._home / FILE, query, replace(self._limits, rows=limit))
        rows = [[_plain(value) for value in row] for row in result.frame.iter_rows()]
        fitting = _fitting(rows)
        is_cut = result.is_cut or fitting < len(rows)
        notes = [f"Only the first {fitting} rows: select less, or group."] if is_cut else []
        if not rows:
            notes.append("No row matches. Codes differ from names: origin = 'CN', origin_name = 'China'.")
        with opened(self._home) as warehouse:
            definition = "As the query says. `describe TABLE` has what the columns mean; NULL is unknown, never zero."
            about = warehouse.about(definition, "what the query selects", notes=notes)
        columns = [Column(name=name, type=str(kind)) for name, kind in result.frame.schema.items()]
        return SqlResult(
            about=about, columns=columns, rows=rows[:fitting], is_cut=is_cut, seconds=round(result.seconds, 3)
        )


@contextmanager
def _turn() -> Iterator[None]:
    """Wait for other queries: assistants call tools in parallel, and the console waits for half a second only."""
    has_turn = _TURNS.acquire(timeout=_TURN_SECONDS)
    try:
        yield
    finally:
        if has_turn:
            _TURNS.release()


def _plain(value: Any) -> Any:
    """Return a value as JSON has it; long texts are cut."""
    match value:
        case str() if len(value) > MAX_CELL_CHARS:
            return f"{value[:MAX_CELL_CHARS]}… ({len(value):,} characters)"
        case float() if not math.isfinite(value):
            return str(value)
        case Decimal():
            return int(value) if value == value.to_integral_value() else float(value)
        case None | bool() | int() | float() | str():
            return value
        case datetime() | date():
            return value.isoformat()
    return str(value)


def _fitting(rows: list[list[Any]]) -> int:
    """Return how many rows fit into an answer."""
    chars = 0
    for number, row in enumerate(rows):
        chars += len(json.dumps(row))
        if chars > MAX_RESULT_CHARS:
            return number
    return len(rows)
