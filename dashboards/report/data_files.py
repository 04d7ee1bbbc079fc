"""The data of a chart as files: CSV, JSON, and JSON that says what the figures are."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

import polars as pl

from dashboards.data import export
from dashboards.data.warehouse import Build
from dashboards.report.exhibit import Exhibit
from dashboards.text.report import COLUMNS, SIMULATED, SOURCE, licence


@dataclass(frozen=True, slots=True)
class Origin:
    """Where all figures of the report are from."""

    build: Build
    scope: str
    coverage: str
    """Day, models read, whether the listing was whole, scope: in words."""

    registry_version: str | None
    sources: Sequence[str]
    """Who read the days: crawl, or names of archives."""


def built_at(build: Build) -> str:
    """When the warehouse was built, UTC: 2026-11-24T15:39:17Z."""
    told = datetime.fromisoformat(build.built_at)
    utc = told.astimezone(UTC) if told.tzinfo else told
    return f"{utc:%Y-%m-%dT%H:%M:%SZ}"


def frame(exhibit: Exhibit, build: Build) -> pl.DataFrame:
    """What is drawn; made-up figures say so in each row."""
    return export.labelled(exhibit.figure.data, build.is_simulated)


def csv_bytes(exhibit: Exhibit, build: Build) -> bytes:
    """The data as CSV, text made harmless to spreadsheets; an empty cell is unknown."""
    return export.csv_bytes(frame(exhibit, build))


def json_bytes(exhibit: Exhibit, build: Build) -> bytes:
    """The data as JSON, null where unknown.

    Lines over days stand as `days` and, under each code in `lines`, its name and a list a column, as long as the days.
    Other data stand as `columns`, a list each.
    """
    data = exhibit.figure.data
    said = {"title": exhibit.figure.title, "is_simulated": build.is_simulated}
    return _dumped(said | (_lines(data) if {"day", "code"} <= set(data.columns) else _columns(data)), indent=None)


def metadata_bytes(exhibit: Exhibit, origin: Origin) -> bytes:
    """What the figures are: title, unit, definition, scope, lens, day, source, licence, and each column."""
    figure, build = exhibit.figure, origin.build
    data = frame(exhibit, build)
    said = {
        "slug": exhibit.slug,
        "title": figure.title,
        "subtitle": figure.subtitle,
        "unit": exhibit.unit,
        "definition": exhibit.definition,
        "scope": origin.scope,
        "lens": exhibit.lens,
        "day": exhibit.day,
        "coverage": origin.coverage,
        "is_simulated": build.is_simulated,
        "warning": SIMULATED if build.is_simulated else None,
        "source": SOURCE,
        "read_by": list(origin.sources),
        "licence": licence(origin.sources),
        "footnote": figure.footnote,
        "in_words": figure.alt_text,
        "program_version": build.program_version,
        "registry_version": origin.registry_version,
        "built_at": built_at(build),
        "rows": data.height,
        "columns": {name: {"type": _kind(data.schema[name]), "meaning": COLUMNS[name]} for name in data.columns},
        "files": {ending: f"{exhibit.slug}.{ending}" for ending in ("csv", "json")},
    }
    return _dumped(said, indent=1)


def _lines(data: pl.DataFrame) -> dict[str, Any]:
    days = data["day"].unique().sort()
    lines = {}
    for (code,), rows in data.group_by("code", maintain_order=True):
        whole = days.to_frame().join(rows.drop("code", "name"), on="day", how="left", maintain_order="left")
        lines[code] = {"name": rows["name"][0], **_columns(whole.drop("day"))["columns"]}
    return {"days": days.to_list(), "lines": lines}


def _columns(data: pl.DataFrame) -> dict[str, Any]:
    return {"columns": {name: data[name].to_list() for name in data.columns}}


def _kind(kind: pl.DataType) -> str:
    if kind == pl.Date:
        return "day"
    if kind == pl.Boolean:
        return "boolean"
    return "number" if kind.is_numeric() else "text"


def _dumped(said: dict[str, Any], indent: int | None) -> bytes:
    def told(value: object) -> str:
        if isinstance(value, date):
            return value.isoformat()
        raise TypeError(f"{value!r} cannot be written as JSON")

    separators = (",", ":") if indent is None else None
    return json.dumps(
        said, ensure_ascii=False, allow_nan=False, indent=indent, separators=separators, default=told
    ).encode()
