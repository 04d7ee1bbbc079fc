"""The public archives that `tracker import` reads, made from a simulated Hub in the layouts of the real ones.

They list the same repositories as the Hub, by name and without ids.
"""

import io
import json
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, time, timedelta
from functools import partial
from itertools import groupby
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from tracker.demo.catalog import Catalog, Row
from tracker.demo.hub.datasets.store import DatasetStore, Repository

MODEL_PULSE = "modelpulse/model-pulse-data"
HUB_WEEKLY = "hfmlsoc/hub_weekly_snapshots"
HUB_STATS = "cfahlgren1/hub-stats"

ALL_TIME_SINCE = date(2025, 2, 27)
"""The first day whose all-time counters the archives have."""

_SKIP_EVERY, _PARTIAL_EVERY = 23, 31
"""In model-pulse, every 23rd day is marked as unusable and every 31st as incomplete."""

_WEDNESDAY = 2
_BULK = 4
"""In hub-weekly, so many folders were committed on one day, when the archive began."""

_SERIES = pa.schema(
    [
        ("id", pa.string()),
        ("day", pa.date32()),
        ("dl30", pa.int32()),
        ("dl_all", pa.int64()),
        ("likes", pa.int32()),
    ]
)
_PARENTS = pa.struct(
    [("relation", pa.string()), ("models", pa.list_(pa.struct([("_id", pa.string()), ("id", pa.string())])))]
)
SNAPSHOT = pa.schema(
    [
        *((name, pa.string()) for name in ("id", "author")),
        ("createdAt", pa.timestamp("ms", "UTC")),
        ("lastModified", pa.timestamp("ms", "UTC")),
        *((name, pa.int64()) for name in ("downloads", "downloadsAllTime", "likes", "trendingScore")),
        ("pipeline_tag", pa.string()),
        ("library_name", pa.string()),
        ("tags", pa.list_(pa.string())),
        ("cardData", pa.string()),
        ("baseModels", _PARENTS),
        ("safetensors", pa.struct([("total", pa.int64())])),
        ("gguf", pa.struct([("total", pa.int64())])),
        ("config", pa.string()),
        ("siblings", pa.list_(pa.string())),
    ]
)
"""Columns of a full listing in hub-stats and hub_weekly_snapshots."""


def archives(catalog: Catalog, until: date | None = None) -> DatasetStore:
    """A store with the three archives of `catalog` through `until`; each is made when it is first read."""
    days = [day for day in catalog.days if until is None or day <= until]
    makers = {MODEL_PULSE: model_pulse, HUB_WEEKLY: hub_weekly, HUB_STATS: hub_stats}
    return DatasetStore({name: partial(maker, catalog, days) for name, maker in makers.items()})


def model_pulse(catalog: Catalog, days: Sequence[date]) -> Repository:
    """Daily counters in one file a month, sorted by name; renames; unusable and incomplete days."""
    partial_days = days[_PARTIAL_EVERY - 1 :: _PARTIAL_EVERY]
    skipped = sorted({*days[_SKIP_EVERY - 1 :: _SKIP_EVERY], *partial_days})
    repository = Repository(MODEL_PULSE)
    for month, of_month in groupby(days, key=lambda day: day.strftime("%Y-%m")):
        tables = [
            _series(catalog.listing(day).rows, day, day in partial_days)
            for day in of_month
            if day not in skipped or day in partial_days
        ]
        if tables:
            table = pa.concat_tables(tables).sort_by([("id", "ascending"), ("day", "ascending")])
            table = pa.concat_tables([table.slice(0, 1), table])  # a key twice, as in the real one
            path = f"series/{month}.parquet"
            repository.add({path: _parquet(table)}, f"Add {path}", _evening(table["day"].to_pylist()[-1]))
    listed = [day for day in days if day not in skipped]
    meta: dict[str, Any] = {"built": str(days[-1]) if days else "", "days": [str(day) for day in listed]}
    meta |= {"models": len(catalog.listing(days[-1]).rows) if days else 0, "low_days": []}
    meta |= {"skip_days": [str(day) for day in skipped]}
    if partial_days:
        meta["partial"] = [str(day) for day in partial_days]  # written once there is one; all are in skip_days
    renames = catalog.listing(days[-1]).renames if days else {}
    about = {
        "renames.parquet": _renames(renames),
        "meta.json": json.dumps(meta).encode(),
        "README.md": b"# Model Pulse",
    }
    repository.add(about, "Update metadata", _evening(days[-1] if days else ALL_TIME_SINCE) + timedelta(minutes=5))
    return repository


def hub_weekly(catalog: Catalog, days: Sequence[date]) -> Repository:
    """A full listing a week, in a folder named after its Wednesday.

    The first folders were committed on one day. Later ones are read on the Sunday after their date. One week has the
    listing of the week before, and the last but one of the first folders was written again much later.
    """
    repository = Repository(HUB_WEEKLY)
    repository.add({"README.md": b"# Weekly snapshots"}, "initial commit", _evening(min(days, default=ALL_TIME_SINCE)))
    weeks = weekly_days(days)
    bulk = list(weeks)[_BULK - 1 :][:1]
    for number, (wednesday, day) in enumerate(weeks.items()):
        path = f"models/{wednesday}/models.parquet"
        at = datetime.combine(max([day, *(weeks[last] for last in bulk)]) + timedelta(days=1), time(5, 10), tzinfo=UTC)
        content = snapshot(catalog.listing(day).rows, day)
        repository.add({path: content}, f"Add snapshot of {wednesday}", at + timedelta(seconds=number))
        if number == _BULK:
            again = f"models/{wednesday + timedelta(days=7)}/models.parquet"
            repository.add({again: content}, f"Add snapshot of {wednesday}", at + timedelta(days=7))
    if len(weeks) > _BULK:
        path = f"models/{list(weeks)[_BULK - 2]}/models.parquet"
        content = repository.head.files[path].content
        repository.add({path: content}, "Backfill", _evening(days[-1]))
    return repository


def weekly_days(days: Sequence[date]) -> dict[date, date]:
    """The Wednesdays of the folders of hub-weekly, and the day of the listing in each, without the repeated week."""
    weeks = [day for day in days if day.weekday() == _WEDNESDAY]
    reads = {week: week + timedelta(days=6 if number < _BULK else 3) for number, week in enumerate(weeks)}
    repeated = weeks[_BULK + 1 :][:1]
    return {week: day for week, day in reads.items() if day <= days[-1] and week not in repeated}


def hub_stats(catalog: Catalog, days: Sequence[date]) -> Repository:
    """One file that is overwritten every day; earlier days are in its revisions."""
    repository = Repository(HUB_STATS)
    for day in days:
        at = _evening(day)
        rows = catalog.listing(day).rows
        for minutes, (name, content) in enumerate(
            {"models.parquet": snapshot(rows, day), "datasets.parquet": str(day).encode()}.items()
        ):
            title = f"Upload {name} with huggingface_hub"
            repository.add({name: content}, title, at + timedelta(minutes=minutes))
    return repository


def snapshot(rows: Sequence[Row], day: date) -> bytes:
    """A full listing as a Parquet file with several row groups."""
    columns = [_snapshot_row(row, has_all_time=day >= ALL_TIME_SINCE) for row in rows]
    if columns:  # of two million repositories, some always changed in the last minutes
        columns[0]["lastModified"] = _evening(day) - timedelta(minutes=15)
    return _parquet(pa.Table.from_pylist(columns, schema=SNAPSHOT))


def _series(rows: Sequence[Row], day: date, is_partial: bool) -> pa.Table:
    listed = rows[: len(rows) // 4] if is_partial else rows
    has_all_time = day >= ALL_TIME_SINCE
    columns = [
        [row["id"] for row in listed],
        [day] * len(listed),
        [row.get("downloads") for row in listed],
        [row.get("downloadsAllTime") if has_all_time else None for row in listed],
        [row.get("likes") for row in listed],
    ]
    return pa.table(
        [pa.array(values, kind.type) for values, kind in zip(columns, _SERIES, strict=True)], schema=_SERIES
    )


def _snapshot_row(row: Row, *, has_all_time: bool) -> dict[str, Any]:
    shown: dict[str, Any] = {name: row.get(name) for name in SNAPSHOT.names}
    shown |= {name: _instant(row.get(name)) for name in ("createdAt", "lastModified")}
    shown |= {name: json.dumps(row[name]) if name in row else None for name in ("cardData", "config")}
    shown["author"] = row["id"].partition("/")[0] if "/" in row["id"] else None
    shown["trendingScore"] = None if row.get("trendingScore") is None else int(row["trendingScore"])
    shown["siblings"] = [".gitattributes", "README.md", "config.json"]
    if not has_all_time:
        shown["downloadsAllTime"] = None
    return shown


def _instant(text: str | None) -> datetime | None:
    return None if text is None else datetime.fromisoformat(text)


def _renames(renames: Mapping[str, str]) -> bytes:
    former = sorted(renames)
    columns = {"old": former, "new": [renames[name] for name in former]}
    dates = {name: pa.nulls(len(former), pa.date32()) for name in ("gone", "came")}
    return _parquet(pa.table({name: pa.array(values, pa.string()) for name, values in columns.items()} | dates))


def _parquet(table: pa.Table) -> bytes:
    file = io.BytesIO()
    pq.write_table(table, file, compression="zstd", row_group_size=max(1, min(100_000, -(-table.num_rows // 3))))
    return file.getvalue()


def _evening(day: date) -> datetime:
    return datetime.combine(day, time(20, 15), tzinfo=UTC)
