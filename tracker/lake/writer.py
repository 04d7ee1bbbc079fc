"""The lake's Parquet files in the making: one a table, written slice by slice."""

from datetime import date
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from tracker.lake.lake import TABLES, Lake

SCHEMAS = {
    "model_days": pa.schema(
        [
            ("hub_id", pa.string()),
            ("downloads_30d", pa.int64()),
            ("downloads_all_time", pa.int64()),
            ("likes", pa.int64()),
            ("trending_score", pa.float64()),
            ("read_at", pa.timestamp("us", "UTC")),
        ]
    ),
    "models": pa.schema(
        [
            ("hub_id", pa.string()),
            ("repo_id", pa.string()),
            ("created_at", pa.timestamp("ms", "UTC")),
            ("last_modified", pa.timestamp("ms", "UTC")),
            ("gated", pa.string()),
            ("is_disabled", pa.bool_()),
            ("pipeline_tag", pa.string()),
            ("library_name", pa.string()),
            ("license", pa.string()),
            ("safetensors_total", pa.int64()),
            ("gguf_total", pa.int64()),
            ("tags", pa.list_(pa.string())),
            ("fingerprint", pa.uint64()),
        ]
    ),
    "edges": pa.schema(
        [
            ("hub_id", pa.string()),
            ("parent_hub_id", pa.string()),
            ("parent_ref", pa.string()),
            ("relation", pa.string()),
            ("declared_in", pa.string()),
            ("position", pa.int32()),
        ]
    ),
}
"""Columns of the lake's tables; the day is in the folder's name."""

_PLAIN = {"hub_id", "repo_id", "fingerprint", "tags"}
_BY_DIFFERENCE = {"created_at", "last_modified"}
"""Instants that hardly repeat: by dictionary, the attributes would be an eighth larger and take longer to write."""

_COMPRESSION_LEVEL = 1
"""Level 3 saves one byte in twenty of the attributes and none of the readings, for a third more time."""


class LakeWriter:
    """Parquet files of one crawl, beside its pages until they are moved into the lake."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._writers: dict[str, pq.ParquetWriter] = {}
        self._rows = dict.fromkeys(TABLES, 0)

    def write(self, table: str, found: pa.Table) -> None:
        """Appends rows, ordered by `hub_id`; none is written for a table without rows."""
        if not found.num_rows:
            return
        if table not in self._writers:
            self._writers[table] = _writer(self._path(table), SCHEMAS[table])
        self._writers[table].write_table(_ordered(found).cast(SCHEMAS[table]))
        self._rows[table] += found.num_rows

    def close(self, lake: Lake, day: date, scope: str) -> tuple[dict[Path, Path], dict[Path, int]]:
        """Finishes the files; returns target -> file and target -> rows."""
        for writer in self._writers.values():
            writer.close()
        targets = {table: lake.partition_path(table, day, scope) for table in self._writers}
        return (
            {target: self._path(table) for table, target in targets.items()},
            {target: self._rows[table] for table, target in targets.items()},
        )

    def _path(self, table: str) -> Path:
        return self._folder / f"{table}.parquet"


def _ordered(found: pa.Table) -> pa.Table:
    """By `hub_id`, which a sweep of the Hub mostly is already: sorting wide rows costs more than looking."""
    ids = found["hub_id"].combine_chunks()
    if pc.all(pc.less_equal(ids[:-1], ids[1:]), min_count=0).as_py():
        return found
    return found.take(pc.sort_indices(ids))


def _writer(path: Path, schema: pa.Schema) -> pq.ParquetWriter:
    """Most columns by dictionary; extremes are kept of the ids alone, by which readers find their way."""
    by_difference = [name for name in schema.names if name in _BY_DIFFERENCE]
    by_dictionary = [name for name in schema.names if name not in _PLAIN | _BY_DIFFERENCE]
    return pq.ParquetWriter(
        path,
        schema,
        compression="zstd",
        compression_level=_COMPRESSION_LEVEL,
        version="2.6",
        data_page_version="2.0",
        use_dictionary=[*by_dictionary, "tags.list.element"],
        column_encoding=dict.fromkeys(by_difference, "DELTA_BINARY_PACKED"),
        write_statistics=["hub_id"],
    )
