"""Checks of what a dataset says about its crawls, and of its files, before anything of them reaches the lake.

A dataset is written by others. Its manifests name crawls and files, so a manifest that is believed could delete or
replace other days of the home, or write outside of it. Here every name follows from day, scope and table; whatever
differs is refused. Files are checked for columns, types, rows, bounds of values and size before a row is unpacked.
"""

import re
from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from pathlib import Path
from types import NoneType

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq

from tracker.database import connect, literal, rows
from tracker.domain import CRAWL, LakeFile, Manifest, Scope, Source
from tracker.lake.bounds import (
    FIRST_DAY,
    FIRST_TIME,
    LAST_TIME,
    MAX_COUNTER,
    MAX_LIST_CHARS,
    MAX_NAME_CHARS,
    MAX_PARAMETERS,
    MAX_SCORE,
    MAX_TEXT_CHARS,
)
from tracker.lake.lake import TABLES
from tracker.lake.writer import SCHEMAS

MAX_MANIFESTS_BYTES = 2**28
"""Size of the file of all manifests: a hundred thousand crawls."""

MAX_MANIFEST_CHARS = 100_000

_MAX_FILE_ROWS = 100_000_000
_BYTES_PER_ROW, _BYTES_PER_FILE = 2048, 2**26
"""Unpacked size of a file: at most so much for each row, and so much in any case. A usual row takes 400 bytes."""

_MEMORY = "1GB"
_USER_SCOPE = re.compile(r"file-[\w-][\w.-]*")
_EXTRA = r"(-(0|[1-9]\d{0,8}))?"
_SHA256 = re.compile(r"[0-9a-f]{64}")

_TYPES: Mapping[str, tuple[type, ...]] = {
    **dict.fromkeys(("crawl", "scope", "source", "endpoint", "program_version", "registry_version"), (str,)),
    **dict.fromkeys(("requests", "pages", "rows_read", "models", "duplicates", "refused"), (int,)),
    **dict.fromkeys(("new_models", "changed_models", "unmatched"), (int,)),
    **dict.fromkeys(("is_complete", "is_simulated", "is_tracked_only"), (bool,)),
    **dict.fromkeys(("started_at", "ended_at"), (datetime,)),
    **dict.fromkeys(("refused_because", "told"), (dict,)),
    "day": (date,),
    "seconds": (float, int),
    "incomplete_because": (str, NoneType),
}


def check_manifests(manifests: Sequence[Manifest], today: date | None) -> None:
    """Raise ValueError for the first manifest that a crawl or an import of this program cannot have written."""
    last_day = LAST_TIME.date() if today is None else today + timedelta(days=1)
    paths: set[str] = set()
    crawls: set[str] = set()
    for manifest in manifests:
        _check_types(manifest)
        if problem := _problem(manifest, last_day):
            raise ValueError(f"crawl {manifest.crawl[:80]!r}: {problem}")
        for path in (file.path for file in manifest.files):
            if path in paths:
                raise ValueError(f"crawl {manifest.crawl!r}: {path} is listed twice")
            paths.add(path)
        if manifest.crawl in crawls:
            raise ValueError(f"crawl {manifest.crawl!r} is listed twice")
        crawls.add(manifest.crawl)


def check_file(path: Path, table: str, expected_rows: int) -> None:
    """Raise ValueError if a day file is not what a crawl with so many rows writes."""
    _check_footer(path, SCHEMAS[table], expected_rows, expected_rows)
    _check_values(path, table)


def check_month_file(path: Path, table: str, schema: pa.Schema, max_rows: int) -> None:
    """Raise ValueError if a compacted month has other columns, more rows or other values than its days can have."""
    _check_footer(path, schema, 0, max_rows)
    _check_values(path, table, "hub_id, day")


def _check_types(manifest: Manifest) -> None:
    for name, types in _TYPES.items():
        value = getattr(manifest, name)
        if type(value) not in types:
            raise ValueError(f"{name} of a crawl is {type(value).__name__}, not {types[0].__name__}")
        if isinstance(value, int | float) and not 0 <= value <= MAX_COUNTER:
            raise ValueError(f"{name} of a crawl is {value}, which is out of range")
        if isinstance(value, datetime) and (value.tzinfo is None or not FIRST_TIME <= value < LAST_TIME):
            raise ValueError(f"{name} of a crawl is {value}, which is out of range")
    counts = [*manifest.refused_because.values(), *manifest.told.values()]
    texts = [*manifest.families, *manifest.refused_examples, *manifest.refused_because, *manifest.told]
    if not all(type(value) is int and 0 <= value <= MAX_COUNTER for value in counts):
        raise ValueError("a count of a crawl is not a whole number in range")
    if not all(isinstance(text, str) for text in texts):
        raise ValueError("a name in a crawl is not text")


def _problem(manifest: Manifest, last_day: date) -> str | None:
    """Return a phrase if scope, source, day, name or files of a manifest do not fit together; else None."""
    scope, source, day = manifest.scope, manifest.source, manifest.day
    is_crawl = source == CRAWL and scope in list(Scope)
    is_archive = source == scope and scope in list(Source) and scope != Source.FILE
    is_file = source == Source.FILE and _USER_SCOPE.fullmatch(scope) and len(scope) <= MAX_NAME_CHARS
    if not (is_crawl or is_archive or is_file):
        return f"no crawl has the scope {scope[:80]!r} and the source {source[:80]!r}"
    if not FIRST_DAY <= day <= last_day:
        return f"its day {day} is before the Hub or in the future"
    if manifest.crawl != f"{day}-{scope}":
        return f"its name must be {day}-{scope}"
    name = re.escape(scope) + (_EXTRA if is_crawl else "")
    own_path = re.compile(rf"({'|'.join(TABLES)})/day={day}/{name}\.parquet")
    for file in manifest.files:
        if not isinstance(file.path, str) or not own_path.fullmatch(file.path):
            return f"it must not have the file {str(file.path)[:120]!r}"
        if problem := _file_problem(file):
            return f"{file.path} {problem}"
    return None


def _file_problem(file: LakeFile) -> str | None:
    if type(file.rows) is not int or not 0 < file.rows <= _MAX_FILE_ROWS:
        return f"cannot have {str(file.rows)[:40]} rows"
    if type(file.bytes) is not int or not 0 < file.bytes <= MAX_COUNTER:
        return f"cannot have {str(file.bytes)[:40]} bytes"
    if not isinstance(file.sha256, str) or not _SHA256.fullmatch(file.sha256):
        return "has no SHA-256"
    return None


def _check_footer(path: Path, schema: pa.Schema, min_rows: int, max_rows: int) -> None:
    """Read only the footer: columns and types, rows, and the unpacked size."""
    try:
        with pq.ParquetFile(path) as parquet:
            found, metadata = parquet.schema_arrow.remove_metadata(), parquet.metadata
    except (pa.ArrowException, OSError) as problem:
        raise ValueError(f"it is no Parquet file that can be read ({_line(problem)})") from problem
    if found.names != schema.names:
        raise ValueError("it has other columns")
    for field, wanted in zip(found, schema, strict=True):
        if not field.type.equals(wanted.type):
            raise ValueError(f"its column {field.name} is {field.type}, not {wanted.type}")
    if not min_rows <= metadata.num_rows <= max_rows:
        raise ValueError(f"it has {metadata.num_rows:,} rows instead of {max_rows:,}")
    groups = [metadata.row_group(number) for number in range(metadata.num_row_groups)]
    unpacked = sum(group.total_byte_size for group in groups)
    if sum(group.num_rows for group in groups) != metadata.num_rows:
        raise ValueError("its footer contradicts itself about its rows")
    if unpacked > _largest(metadata.num_rows):
        raise ValueError(f"{metadata.num_rows:,} rows would unpack to {unpacked:,} bytes")


def _largest(row_count: int) -> int:
    return _BYTES_PER_FILE + _BYTES_PER_ROW * row_count


def _check_values(path: Path, table: str, key: str = "hub_id") -> None:
    """Read the values with little memory. Texts are measured, because a dictionary can hide any number of copies."""
    checks = {name: f"count(*) filter (where not ({check}))" for name, check in _VALUE_CHECKS[table].items()}
    texts = _TEXTS[table]
    size = " + ".join(f"coalesce(strlen({name}), 0)" for name in texts) or "0"
    if table == "models":
        size += f" + coalesce({_TAG_CHARS}, 0)"
    once = f"count(*) - count(distinct ({key}))" if table == "model_days" else "0"
    query = (
        f"select {', '.join(checks.values())}, {once}, sum({size}), count(*) "
        f"from read_parquet({literal(str(path))}, hive_partitioning = false)"
    )
    try:
        with connect(config={"memory_limit": _MEMORY}) as connection:
            connection.execute(f"set temp_directory = {literal(str(path.parent / 'spill'))}")
            [(*bad, repeated, text_bytes, row_count)] = rows(connection, query)
    except duckdb.Error as problem:
        raise ValueError(f"its values cannot be read ({_line(problem)})") from problem
    for name, count in zip(checks, bad, strict=True):
        if count:
            raise ValueError(f"{count:,} values of {name} are out of bounds")
    if repeated:
        raise ValueError(f"{repeated:,} repositories have several rows on one day")
    if text_bytes and text_bytes > _largest(row_count):
        raise ValueError(f"{row_count:,} rows have {text_bytes:,} bytes of text")


def _line(problem: BaseException) -> str:
    return " ".join(str(problem).split())[:200]


def _counts(most: int, *names: str) -> dict[str, str]:
    return {name: f"coalesce({name} between 0 and {most}, true)" for name in names}


def _times(*names: str) -> dict[str, str]:
    low, high = (literal(time.isoformat()) for time in (FIRST_TIME, LAST_TIME))
    return {name: f"coalesce({name} between timestamptz {low} and timestamptz {high}, true)" for name in names}


def _short(limit: int, *names: str) -> dict[str, str]:
    return {name: f"coalesce(length({name}) <= {limit}, true)" for name in names}


_TAG_CHARS = "list_sum(list_transform(tags, lambda tag: strlen(tag)))"
_HUB_ID = {
    "hub_id": f"coalesce(regexp_full_match(hub_id, '[0-9a-f]{{24}}|name:[\\w.-]+(/[\\w.-]+)?') "
    f"and length(hub_id) <= {MAX_NAME_CHARS + 5}, false)"
}
_VALUE_CHECKS: Mapping[str, Mapping[str, str]] = {
    "model_days": {
        **_HUB_ID,
        **_counts(MAX_COUNTER, "downloads_30d", "downloads_all_time", "likes"),
        "trending_score": f"coalesce(trending_score between -{MAX_SCORE} and {MAX_SCORE}, true)",
        **_times("read_at"),
    },
    "models": {
        **_HUB_ID,
        "repo_id": f"coalesce(regexp_full_match(repo_id, '[\\w.-]+(/[\\w.-]+)?') "
        f"and length(repo_id) <= {MAX_NAME_CHARS}, false)",
        **_times("created_at", "last_modified"),
        "gated": "coalesce(gated in ('no', 'auto', 'manual'), true)",
        **_short(MAX_TEXT_CHARS, "pipeline_tag", "library_name"),
        **_short(MAX_LIST_CHARS, "license"),
        **_counts(MAX_PARAMETERS, "safetensors_total", "gguf_total"),
        "tags": f"coalesce({_TAG_CHARS} <= {MAX_LIST_CHARS}, true)",
    },
    "edges": {
        **_HUB_ID,
        **_short(MAX_LIST_CHARS, "parent_hub_id", "parent_ref", "relation", "declared_in"),
        "position": "coalesce(position >= 0, true)",
    },
}
_TEXTS = {
    table: [field.name for field in schema if pa.types.is_string(field.type)] for table, schema in SCHEMAS.items()
}
