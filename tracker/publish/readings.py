"""Readings of other rulers in the dataset: each file as it is in the lake, and all manifests in one file.

A ruler's daily downloads need earlier readings, so a job that starts with an empty home pulls them like crawls.
"""

import re
from datetime import date, timedelta
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from tracker.errors import DataError, HomeError
from tracker.lake import axis_days
from tracker.lake.axis_days import AxisManifest
from tracker.lake.bounds import LAST_TIME, MAX_NAME_CHARS
from tracker.lake.lake import Lake, sha256_and_size
from tracker.publish.dataset import Dataset, DatasetState
from tracker.publish.validation import MAX_MANIFEST_CHARS, MAX_MANIFESTS_BYTES

MANIFESTS = f"lake/{axis_days.MANIFESTS}.jsonl"
_AXIS = re.compile("[a-z]{1,40}")
_MOST_BYTES = 2**28
_MOST_VALUE = 1e18


def files_to_send(lake: Lake, dataset: Dataset, state: DatasetState, folder: Path) -> dict[str, Path | bytes]:
    """Return path -> content of the home's readings and of the list of all readings; nothing if there are none."""
    own = axis_days.manifests(lake)
    if not own:
        return {}
    files: dict[str, Path | bytes] = {
        f"lake/{path.relative_to(lake.folder).as_posix()}": path for path in axis_days.files(lake, own)
    }
    merged = {manifest.crawl: manifest for manifest in (*published(dataset, state, folder), *own)}
    lines = (axis_days.manifest_json(manifest) for _, manifest in sorted(merged.items()))
    return {**files, MANIFESTS: "".join(f"{line}\n" for line in lines).encode()}


def published(dataset: Dataset, state: DatasetState, folder: Path) -> list[AxisManifest]:
    """Return the readings that the dataset lists. Raises DataError if the list is not of this program."""
    if MANIFESTS not in state.files:
        return []
    try:
        if state.files[MANIFESTS].size > MAX_MANIFESTS_BYTES:
            raise ValueError(f"it has {state.files[MANIFESTS].size:,} bytes")
        lines = dataset.fetch(state, MANIFESTS, folder).read_text(encoding="utf-8").splitlines()
        if any(len(line) > MAX_MANIFEST_CHARS for line in lines):
            raise ValueError("a line is too long")
        found = [axis_days.parse_manifest(line) for line in lines]
        for manifest in found:
            _check(manifest)
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as problem:
        raise DataError(
            f"{MANIFESTS} of {dataset.repo_id} is damaged or from another version of this program "
            f"({type(problem).__name__}: {problem}). Nothing of it was used."
        ) from problem
    return found


def fetch_readings(lake: Lake, dataset: Dataset, state: DatasetState, folder: Path) -> list[str]:
    """Land the readings of the dataset that the home does not have; return their names. Raises DataError."""
    own = axis_days.manifests(lake)
    known = {manifest.crawl for manifest in own}
    kinds = {*(crawl.is_simulated for crawl in lake.manifests()), *(reading.is_simulated for reading in own)}
    landed = []
    for manifest in published(dataset, state, folder):
        if manifest.crawl in known:
            continue
        if any(other != manifest.is_simulated for other in kinds):
            raise HomeError(
                f"{lake.home} and {dataset.repo_id} have simulated and real data, which must not mix. {manifest.crawl} "
                "was not pulled. Use another --home or another dataset."
            )
        axis_days.land_file(lake, manifest, _file(manifest, dataset, state, folder))
        landed.append(manifest.crawl)
    return landed


def _file(manifest: AxisManifest, dataset: Dataset, state: DatasetState, folder: Path) -> Path:
    """Download the file of a reading and check it."""
    [file] = manifest.files
    path = f"lake/{file.path}"
    try:
        if path not in state.files or state.files[path].size != file.bytes:
            raise ValueError("it is missing or has another size")
        found = dataset.fetch(state, path, folder)
        if sha256_and_size(found)[0] != file.sha256:
            raise ValueError("it has another checksum")
        _check_rows(pq.ParquetFile(found).read(), manifest)
    except (ValueError, pa.ArrowException) as problem:
        raise DataError(
            f"{path} of {dataset.repo_id} is not what {manifest.crawl} wrote: {problem}. It was not pulled. Publish "
            "again from a home that has it, or use a dataset whose owner you trust."
        ) from problem
    return found


def _check(manifest: AxisManifest) -> None:
    """Raise ValueError for a manifest that this program cannot have written: its paths decide where files land."""
    if not _AXIS.fullmatch(manifest.axis) or manifest.crawl != f"{manifest.day.isoformat()}-{manifest.axis}":
        raise ValueError(f"{manifest.crawl[:80]!r} is no name of a reading")
    paths = [file.path for file in manifest.files]
    if paths != [f"{axis_days.TABLE}/read={manifest.day.isoformat()}/{manifest.axis}.parquet"]:
        raise ValueError(f"{manifest.crawl} has other files than a reading has")
    if not 0 < manifest.files[0].bytes <= _MOST_BYTES or manifest.day > LAST_TIME.date():
        raise ValueError(f"{manifest.crawl} has an impossible size or day")


def _check_rows(rows: pa.Table, manifest: AxisManifest) -> None:
    if rows.schema.remove_metadata() != axis_days.SCHEMA:
        raise ValueError("it has other columns")
    if rows.num_rows != manifest.rows or pc.unique(rows["axis"]).to_pylist() != [manifest.axis]:
        raise ValueError("it has other rows than its manifest says")
    needed = ("entity", "entity_kind", "day", "metric", "value", "read_at")
    if any(rows[name].null_count for name in needed):
        raise ValueError("a value is missing")
    days = pc.min_max(rows["day"]).as_py()
    if days["max"] > manifest.day + timedelta(days=1) or days["min"] < date(2018, 1, 1):
        raise ValueError("a day is outside of what was read")
    values = pc.min_max(rows["value"]).as_py()
    if not 0 <= values["min"] <= values["max"] <= _MOST_VALUE or pc.any(pc.is_nan(rows["value"])).as_py():
        raise ValueError("a value is impossible")
    if pc.max(pc.utf8_length(rows["entity"])).as_py() > MAX_NAME_CHARS:
        raise ValueError("a name is too long")
