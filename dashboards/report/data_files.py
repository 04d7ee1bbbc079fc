"""The data of a chart as files: CSV, JSON, and metadata as JSON; and the index of all of them."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

import polars as pl

from dashboards.data import export
from dashboards.data.warehouse import Build
from dashboards.report.exhibit import Exhibit
from dashboards.text.report import COLUMNS, SIMULATED, SOURCE, TITLE, UNITS, licence

INDEX = "index.json"
_MEDIA_TYPES = {
    "csv": "text/csv",
    "json": "application/json",
    "metadata.json": "application/json",
    "svg": "image/svg+xml",
}
_FEEDS = {"feed.xml": "application/atom+xml", "feed.json": "application/feed+json"}


@dataclass(frozen=True, slots=True)
class Provenance:
    """Where the figures of the report come from."""

    build: Build
    scope: str
    coverage: str
    """A sentence: day, models read, whether the listing was complete, scope."""

    registry_version: str | None
    sources: Sequence[str]
    """Who read the days: crawl, or names of archives."""


def built_at(build: Build) -> str:
    """When the warehouse was built, in UTC: 2026-11-24T15:39:17Z."""
    built = datetime.fromisoformat(build.built_at)
    utc = built.astimezone(UTC) if built.tzinfo else built
    return f"{utc:%Y-%m-%dT%H:%M:%SZ}"


def frame(exhibit: Exhibit, build: Build) -> pl.DataFrame:
    """The data drawn; simulated figures are labelled in each row."""
    return export.labelled(exhibit.figure.data, build.is_simulated)


def csv_bytes(exhibit: Exhibit, build: Build) -> bytes:
    """The data as CSV with texts made safe for spreadsheets; an empty cell is unknown."""
    return export.csv_bytes(frame(exhibit, build))


def json_bytes(exhibit: Exhibit, build: Build) -> bytes:
    """The data as JSON, null where unknown.

    Lines over days are `days`, and in `lines` by code: a name, and for each column a list as long as the days. Other
    data are `columns`, one list each.
    """
    data = exhibit.figure.data
    is_lines = {"day", "code"} <= set(data.columns)
    header = {"title": exhibit.figure.title, "is_simulated": build.is_simulated}
    return _dump(header | (_lines(data) if is_lines else _columns(data)), indent=None)


def metadata_bytes(exhibit: Exhibit, provenance: Provenance) -> bytes:
    """What the figures are: title, unit, definition, scope, lens, day, source, licence, and each column."""
    figure, build = exhibit.figure, provenance.build
    data = frame(exhibit, build)
    metadata = {
        "slug": exhibit.slug,
        "title": figure.title,
        "subtitle": figure.subtitle,
        "unit": exhibit.unit,
        "definition": exhibit.definition,
        "scope": provenance.scope,
        "lens": exhibit.lens,
        "day": exhibit.day,
        "coverage": provenance.coverage,
        "is_simulated": build.is_simulated,
        "warning": SIMULATED if build.is_simulated else None,
        "source": SOURCE,
        "read_by": list(provenance.sources),
        "licence": licence(provenance.sources),
        "footnote": figure.footnote,
        "in_words": figure.alt_text,
        "program_version": build.program_version,
        "registry_version": provenance.registry_version,
        "built_at": built_at(build),
        "rows": data.height,
        "columns": {name: {"type": _kind(data.schema[name]), "meaning": COLUMNS[name]} for name in data.columns},
        "files": {ending: f"{exhibit.slug}.{ending}" for ending in ("csv", "json")},
    }
    return _dump(metadata, indent=1)


def index_bytes(exhibits: Sequence[Exhibit], provenance: Provenance, files: Mapping[str, bytes]) -> bytes:
    """What the report has for programs: its data sets with columns and files, its feeds and its badges.

    Paths are relative to the index. A later version adds keys and never renames or removes one.
    """
    build = provenance.build
    content = {
        "format": 1,
        "title": TITLE,
        "is_simulated": build.is_simulated,
        "warning": SIMULATED if build.is_simulated else None,
        "last_day": build.last_day,
        "scope": provenance.scope,
        "coverage": provenance.coverage,
        "source": SOURCE,
        "licence": licence(provenance.sources),
        "program_version": build.program_version,
        "registry_version": provenance.registry_version,
        "built_at": built_at(build),
        "data": [_data_set(exhibit, build, files) for exhibit in exhibits],
        "feeds": [_file(path, kind, files) for path, kind in _FEEDS.items()],
        "badges": [_file(path, _MEDIA_TYPES["svg"], files) for path in sorted(files) if path.startswith("badges/")],
    }
    return _dump(content, indent=1)


def _data_set(exhibit: Exhibit, build: Build, files: Mapping[str, bytes]) -> dict[str, Any]:
    data = frame(exhibit, build)
    return {
        "name": exhibit.slug,
        "title": exhibit.figure.title,
        "description": exhibit.definition,
        "unit": exhibit.unit,
        "lens": exhibit.lens,
        "day": exhibit.day,
        "rows": data.height,
        "columns": [_column(name, data.schema[name], exhibit.unit) for name in data.columns],
        "page": f"charts/{exhibit.slug}.html",
        "files": {
            ending: _file(f"data/{exhibit.slug}.{ending}", _MEDIA_TYPES[ending], files)
            for ending in ("csv", "json", "metadata.json")
        },
    }


def _column(name: str, kind: pl.DataType, unit: str) -> dict[str, str | None]:
    return {
        "name": name,
        "type": _kind(kind),
        "unit": UNITS.get(name, unit if name == "value" else None),
        "description": COLUMNS[name],
    }


def _file(path: str, media_type: str, files: Mapping[str, bytes]) -> dict[str, Any]:
    content = files[path]
    return {
        "path": path,
        "media_type": media_type,
        "bytes": len(content),
        "sha256": hashlib.sha256(content).hexdigest(),
    }


def _lines(data: pl.DataFrame) -> dict[str, Any]:
    days = data["day"].unique().sort()
    lines = {}
    for (code,), rows in data.group_by("code", maintain_order=True):
        all_days = days.to_frame().join(rows.drop("code", "name"), on="day", how="left", maintain_order="left")
        lines[code] = {"name": rows["name"][0], **_columns(all_days.drop("day"))["columns"]}
    return {"days": days.to_list(), "lines": lines}


def _columns(data: pl.DataFrame) -> dict[str, Any]:
    return {"columns": {name: data[name].to_list() for name in data.columns}}


def _kind(kind: pl.DataType) -> str:
    if kind == pl.Date:
        return "day"
    if kind == pl.Boolean:
        return "boolean"
    return "number" if kind.is_numeric() else "text"


def _dump(content: dict[str, Any], indent: int | None) -> bytes:
    separators = (",", ":") if indent is None else None
    return json.dumps(
        content, ensure_ascii=False, allow_nan=False, indent=indent, separators=separators, default=_iso
    ).encode()


def _iso(value: object) -> str:
    if isinstance(value, date):
        return value.isoformat()
    raise TypeError(f"{value!r} cannot be written as JSON")
