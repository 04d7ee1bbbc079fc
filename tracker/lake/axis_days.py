"""Readings of other rulers than the Hub's downloads, in the lake: one Parquet file and one manifest per reading.

The files are in `lake/axis_days/read=YYYY-MM-DD/<axis>.parquet`, the manifests in `lake/axis_crawls`. A reading may
hold many days, because some sources serve their last weeks each time; which reading counts for a day is decided in SQL.
"""

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass, fields, replace
from datetime import date, datetime
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from tracker.domain import LakeFile
from tracker.errors import HomeError
from tracker.lake.lake import Lake, sync

TABLE = "axis_days"
MANIFESTS = "axis_crawls"

SCHEMA = pa.schema(
    [
        ("axis", pa.string()),
        ("entity_kind", pa.string()),
        ("entity", pa.string()),
        ("hub_id", pa.string()),
        ("repo_id", pa.string()),
        ("day", pa.date32()),
        ("metric", pa.string()),
        ("value", pa.float64()),
        ("is_cumulative", pa.bool_()),
        ("precision", pa.string()),
        ("read_at", pa.timestamp("us", "UTC")),
        ("source_revision", pa.string()),
    ]
)
"""Columns of a reading. `hub_id` or `repo_id` is given where the source names a repository of the Hub."""


@dataclass(frozen=True, slots=True)
class AxisManifest:
    """Record of one reading. Written last; without it the file of a reading does not count."""

    crawl: str
    """`<day>-<axis>`, the name of the manifest."""

    day: date
    """The day of the reading."""

    axis: str
    endpoint: str
    started_at: datetime
    ended_at: datetime
    seconds: float
    requests: int
    bytes: int
    """Received, as sent."""

    rows: int
    entities: int
    first_day: date
    """The earliest day of the rows."""

    last_day: date
    revision: str
    """The source's own name of what was read, such as the day of its snapshot."""

    title: str
    unit: str
    licence: str
    licence_url: str
    attribution: str
    """The credit line that the source asks for."""

    refused: int
    """Rows that were left out because they cannot be used."""

    refused_because: dict[str, int]
    is_simulated: bool
    program_version: str
    files: tuple[LakeFile, ...] = ()


def manifests(lake: Lake) -> list[AxisManifest]:
    """Return the manifests of all readings by day and axis. Raises HomeError for one that cannot be read."""
    found = [_read(path) for path in sorted((lake.folder / MANIFESTS).glob("*.json"))]
    return sorted(found, key=lambda manifest: (manifest.day, manifest.axis))


def files(lake: Lake, landed: Sequence[AxisManifest]) -> list[Path]:
    """Return the files of these readings. Raises HomeError if one is missing or has another size."""
    found = []
    for manifest in landed:
        for file in manifest.files:
            path = lake.folder / file.path
            if not path.exists() or path.stat().st_size != file.bytes:
                raise HomeError(
                    f"{path} is missing or not as {manifest.crawl} wrote it. Restore it from a backup, or move "
                    f"{manifest.crawl}.json out of {lake.folder / MANIFESTS} to continue without that reading. Nothing "
                    "was changed."
                )
            found.append(path)
    return found


def land(lake: Lake, manifest: AxisManifest, rows: pa.Table, folder: Path) -> AxisManifest:
    """Write the rows and then the manifest. The reading counts as a whole or not at all. Return the manifest."""
    folder.mkdir(parents=True, exist_ok=True)
    written = folder / f"{manifest.axis}.parquet"
    order = [("day", "ascending"), ("metric", "ascending"), ("entity", "ascending")]
    pq.write_table(rows.sort_by(order).cast(SCHEMA), written, compression="zstd", version="2.6")
    return land_file(lake, manifest, written)


def land_file(lake: Lake, manifest: AxisManifest, written: Path) -> AxisManifest:
    """Move a written file into the lake, then save the manifest. Return the manifest."""
    target = lake.folder / TABLE / f"read={manifest.day.isoformat()}" / f"{manifest.axis}.parquet"
    (file,) = lake.add_files({target: written}, {target: manifest.rows})
    landed = replace(manifest, files=(file,))
    path = lake.folder / MANIFESTS / f"{manifest.crawl}.json"
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = path.with_suffix(".json.new")
    temporary.write_text(manifest_json(landed, indent=1) + "\n", encoding="utf-8")
    sync(temporary)
    temporary.replace(path)
    return _read(path)


def manifest_json(manifest: AxisManifest, indent: int | None = None) -> str:
    """Return a manifest as JSON."""
    return json.dumps(asdict(manifest), default=str, indent=indent)


def parse_manifest(text: str) -> AxisManifest:
    """Parse what `manifest_json` returned. Raises ValueError, KeyError, TypeError or AttributeError."""
    content = json.loads(text)
    known = {field.name for field in fields(AxisManifest)}
    values = {name: value for name, value in content.items() if name in known}
    values |= {name: date.fromisoformat(values[name]) for name in ("day", "first_day", "last_day")}
    values |= {name: datetime.fromisoformat(values[name]) for name in ("started_at", "ended_at")}
    return AxisManifest(**{**values, "files": tuple(LakeFile(**file) for file in content["files"])})


def _read(path: Path) -> AxisManifest:
    try:
        manifest = parse_manifest(path.read_text(encoding="utf-8"))
        if manifest.crawl != path.stem:
            raise ValueError(f"it belongs to {manifest.crawl}")
        return manifest
    except (ValueError, KeyError, TypeError, AttributeError) as problem:
        raise HomeError(
            f"{path} is damaged or not a manifest of this program ({type(problem).__name__}: {problem}). Restore it "
            "from a backup, or move it away to continue without that reading."
        ) from problem
