"""The tool `compare`: countries, labs, families, generations or models on one day, under both attributions."""

from collections.abc import Mapping
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import polars as pl

from tracker.api.arguments import one_of
from tracker.api.queries import REPOSITORY_METRICS
from tracker.errors import UsageError
from tracker.mcp import arguments as given
from tracker.mcp.about import Warehouse, meaning, models_name, opened
from tracker.mcp.groups import LOOK_BACK, group_names
from tracker.mcp.results import Compared, Comparison, Crossover

_PERIOD_DAYS = timedelta(days=30)
_MOST_COMPARED = 10
_SAYS_LENS = {"publisher": "By publisher", "root": "By base model"}
_METRIC_NAMES = {
    "downloads": "downloads of the day",
    "downloads_7d_mean": "daily downloads (7-day mean)",
    "downloads_30d": "30-day downloads",
    "downloads_all_time": "all-time downloads",
    "likes": "likes",
    "models": "models",
}


class CompareTools:
    """The tool over the newest warehouse of a home."""

    def __init__(self, home: Path) -> None:
        self._home = home

    def compare(
        self,
        names: list[str],
        by: given.ComparedBy = None,
        metric: given.Metric = "downloads_30d",
        lens: given.Lens = "publisher",
        models: given.Models = "language",
    ) -> Comparison:
        """Compare 2 to 10 countries, labs, families, generations or single models on the last known day.

        Gives value, share, rank among all and the change in 30 days, with the finding under both attributions; for
        countries also when one last passed the other. Without `by`, the names decide what is compared.
        """
        if not 2 <= len(names) <= _MOST_COMPARED:
            raise UsageError(f"names must have 2 to {_MOST_COMPARED} names, not {len(names)}.")
        with opened(self._home) as warehouse:
            by = one_of("by", by, given.COMPARED) if by else _kind(warehouse, names)
            if by == "model":
                return _compare_models(warehouse, names, one_of("metric", metric, REPOSITORY_METRICS))
            codes = [code for code in warehouse.tracker.codes(by, names) or [] if code is not None]
            known = group_names(warehouse, by)
            since = warehouse.build["last_day"] - LOOK_BACK
            frames = {
                name: warehouse.tracker.adoption(by=by, lens=name, metric=metric, since=since, models=models)
                for name in (one_of("lens", lens, _SAYS_LENS), *(name for name in _SAYS_LENS if name != lens.lower()))
            }
            lens = next(iter(frames))
            metric = frames[lens].columns[2]
            day, before = _days(frames[lens])
            rows = _compared(frames[lens], codes, known, day, before)
            findings = [
                f"{_SAYS_LENS[name]}: {_shares_sentence(_compared(frame, codes, known, day, None))}"
                for name, frame in frames.items()
            ]
            finding = f"Shares of {_METRIC_NAMES[metric]} of {models_name(models)} on {day}. {' '.join(findings)}"
            crossovers = _crossovers(warehouse, codes, known, lens, models) if by == "origin" else []
            return Comparison(
                about=warehouse.about(meaning(metric), models_name(models), lens, _change_notes(before)),
                finding=warehouse.said(finding), by=by, metric=metric, day=day, day_before=before, rows=rows,
                crossovers=crossovers,
            )  # fmt: skip


def _days(frame: pl.DataFrame) -> tuple[date | None, date | None]:
    """Return the last known day, and the last comparable one 30 days or more before."""
    if frame.is_empty():
        return None, None
    days = dict(frame.select("day", "segment").unique().sort("day").iter_rows())
    day = max(days)
    earlier = [known for known, segment in days.items() if known <= day - _PERIOD_DAYS and segment == days[day]]
    return day, max(earlier, default=None)


def _compared(
    frame: pl.DataFrame, codes: list[str], names: Mapping[str, str], day: date | None, before: date | None
) -> list[Compared]:
    by, metric = frame.columns[1:3]
    now = {row[by]: row for row in frame.filter(pl.col("day").eq_missing(day)).to_dicts()}
    earlier = dict(frame.filter(pl.col("day").eq_missing(before)).select(by, metric).iter_rows())
    values = [row[metric] for code, row in now.items() if code not in (None, "unaffiliated") and row[metric]]
    rows = []
    for code in dict.fromkeys(codes):
        value, old = now.get(code, {}).get(metric), earlier.get(code)
        rank = None if value is None else 1 + sum(other > value for other in values)
        rows.append(
            Compared(
                code=code,
                name=names.get(code, code),
                value=value,
                share=now.get(code, {}).get("share"),
                rank=rank,
                value_before=old,
                change_percent=_percent(value, old),
            )
        )
    return sorted(rows, key=lambda row: -(row.value or 0))


def _kind(warehouse: Warehouse, names: list[str]) -> str:
    """Return the first kind that knows all names."""
    for kind in given.COMPARED[:-1]:
        known = {text.casefold() for pair in group_names(warehouse, kind).items() for text in pair}
        if all(name.casefold() in known for name in names):
            return kind
    return "model" if all("/" in name for name in names) else "family"


def _compare_models(warehouse: Warehouse, names: list[str], metric: str) -> Comparison:
    repositories = list(dict.fromkeys(warehouse.tracker.repositories(names) or []))
    frame = warehouse.tracker.counts(repositories, metric).with_columns(segment=pl.lit(None))
    day, before = _days(frame)
    rows = _compared(frame, repositories, {}, day, before)
    for row in rows:
        row.rank = None
    known = [f"{row.name} has {row.value:,.0f}" for row in rows if row.value is not None]
    unknown = [f"{row.name} is unknown" for row in rows if row.value is None]
    return Comparison(
        about=warehouse.about(meaning(metric), "these repositories", notes=_change_notes(before)),
        finding=warehouse.said(f"{'; '.join([*known, *unknown])} ({_METRIC_NAMES[metric]}, {day})."),
        by="model", metric=metric,
        day=day, day_before=before, rows=rows, crossovers=[],
    )  # fmt: skip


def _percent(value: float | None, old: float | None) -> float | None:
    return None if value is None or not old else 100 * (value - old) / old


def _change_notes(before: date | None) -> list[str]:
    if not before:
        return ["Changes are unknown: no comparable day is known 30 days earlier."]
    return [f"Changes since {before} include models that existed then but were first read later."]


def _shares_sentence(rows: list[Compared]) -> str:
    known = [row for row in rows if row.share is not None]
    if not known:
        return "unknown."
    parts = ", ".join(f"{row.name} {row.share:.1%}" for row in known)
    if len(known) < 2 or not known[0].value or not known[1].value:
        return f"{parts}."
    return f"{parts}; {known[0].name} has {known[0].value / known[1].value:.2f} times as much as {known[1].name}."


def _crossovers(
    warehouse: Warehouse, codes: list[str], names: Mapping[str, str], lens: str, models: str
) -> list[Crossover]:
    frame = warehouse.tracker.crossovers(models).filter(
        (pl.col("lens") == lens) & (pl.col("layer") == "all") & (pl.col("metric") == "downloads")
        & pl.col("a").is_in(codes) & pl.col("b").is_in(codes)
    )  # fmt: skip
    columns = [name for name in Crossover.model_fields if name != "finding"]
    return [Crossover(finding=_crossover_sentence(row, names), **row) for row in frame.select(columns).to_dicts()]


def _crossover_sentence(row: Mapping[str, Any], names: Mapping[str, str]) -> str:
    a, b = names[row["a"]], names[row["b"]]
    if row["is_ahead_throughout"]:
        return f"{a} is ahead of {b} on every known day, by 7-day means of daily downloads."
    if row["crossed_on"] is None:
        return f"No day is known on which {a} passes {b} for 14 days or more."
    since = "and still leads" if row["holds"] else "but does not lead throughout since"
    low, high = row["low"] or "the first day", row["high"] or "an unknown day"
    return (
        f"{a} last passed {b} after {row['crossed_after']} and by {row['crossed_on']} (95% interval: {low} to {high}), "
        f"for 14 days or more, {since}."
    )
