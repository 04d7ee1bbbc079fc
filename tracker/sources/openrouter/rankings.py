"""Parse OpenRouter's answers: the manifest of an export, its CSV, the list of models, the history. Pure.

Rows are (day, slug, tokens). The rest of a day beyond the 50 most used models is the slug `other`.
"""

import csv
import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from urllib.parse import urlsplit

from tracker.errors import DataError
from tracker.hub.client import InvalidBody
from tracker.lake.bounds import MAX_NAME_CHARS, NAME_PATTERN
from tracker.sources.source import json_object, whole_number

HEADER = ["date", "model_permaslug", "rank", "total_tokens", "share_of_daily_tokens"]
OTHER = "other"
MOST_TOKENS = 10**16
"""The largest count of a day: a thousand times the largest of 2026."""

_LONGEST_EXPORT = timedelta(days=60)
_DATED = re.compile(r"(?P<slug>.+?)-\d{8}(?P<variant>:[\w-]+)?")
_AGAIN = "Nothing was added to the lake; run the same command again later."

Row = tuple[date, str, int]


@dataclass(frozen=True, slots=True)
class Export:
    """What the manifest says about the newest export."""

    day: date
    path: str
    """Of the CSV, on the same host."""

    sha256: str
    rows: int | None
    licence: str
    licence_url: str
    attribution: str


def manifest(body: bytes) -> Export:
    """Parse the manifest of the newest export. Raises InvalidBody if it is no JSON, DataError if it lacks a key."""
    found = json_object(body)
    try:
        day, file = date.fromisoformat(found["snapshot_date"]), found["files"]["csv"]
        licence = found.get("license") or {}
        named = licence if isinstance(licence, dict) else {"name": str(licence)}
        export = Export(
            day=day,
            path=urlsplit(str(file["url"])).path,
            sha256=str(file["sha256"]).lower(),
            rows=found.get("row_count"),
            licence=str(named.get("name") or "CC BY 4.0"),
            licence_url=str(named.get("url") or "https://creativecommons.org/licenses/by/4.0/"),
            attribution=str(found.get("attribution") or f"Source: OpenRouter (openrouter.ai/rankings), as of {day}"),
        )
    except (KeyError, TypeError, ValueError) as problem:
        raise DataError(
            f"The manifest of OpenRouter's export has no usable {problem}. Its format may have changed: look for a "
            "newer version of this program. Nothing was added to the lake."
        ) from problem
    if day.isoformat() not in export.path:
        raise DataError(
            f"OpenRouter's manifest is of {day}, but its file is {export.path}: a new export is just being published. "
            f"{_AGAIN}"
        )
    return export


def export_rows(body: bytes, export: Export) -> list[Row]:
    """Parse and check the CSV of an export. Raises DataError if it is not what the manifest describes."""
    if hashlib.sha256(body).hexdigest() != export.sha256:
        raise DataError(f"{export.path} does not have the checksum of its manifest. {_AGAIN}")
    lines = list(csv.reader(body.decode("utf-8", errors="replace").splitlines()))
    if not lines or lines[0] != HEADER:
        raise _changed(export.path, f"its columns are {', '.join(lines[0]) if lines else 'missing'}")
    found = [_row(export.path, number, line) for number, line in enumerate(lines[1:], 2)]
    if export.rows is not None and export.rows != len(found):
        raise DataError(f"{export.path} has {len(found):,} rows, but its manifest says {export.rows:,}. {_AGAIN}")
    _check_days(export, found)
    return found


def slugs(body: bytes) -> dict[str, str]:
    """Return slug -> repository of the Hub, for the models of the list that name one."""
    found: dict[str, str] = {}
    listed = json_object(body).get("data")
    if not isinstance(listed, list):
        raise InvalidBody("the list of models has no 'data'")
    for model in listed:
        repo_id = model.get("hugging_face_id") if isinstance(model, dict) else None
        if not isinstance(repo_id, str) or len(repo_id) > MAX_NAME_CHARS or not re.fullmatch(NAME_PATTERN, repo_id):
            continue
        for key in ("id", "canonical_slug"):
            if isinstance(slug := model.get(key), str):
                found[undated(slug)] = repo_id
    return found


def repository(slug: str, of_slug: Mapping[str, str]) -> str | None:
    """Return the repository of a slug, which may have a date and a variant that the list does not have."""
    return of_slug.get(undated(slug)) or of_slug.get(undated(slug).partition(":")[0])


def undated(slug: str) -> str:
    """Return a slug without its date: `qwen/qwen3-max-20260203:free` is `qwen/qwen3-max:free`."""
    found = _DATED.fullmatch(slug)
    return f"{found['slug']}{found['variant'] or ''}" if found else slug


def history(body: bytes) -> tuple[str, list[Row], int]:
    """Return `as_of`, the usable rows and the number of refused rows of the history, where tokens are text."""
    content = json_object(body)
    listed, meta = content.get("data"), content.get("meta")
    if not isinstance(listed, list) or not isinstance(meta, dict):
        raise InvalidBody("the history has no 'data' or no 'meta'")
    found = [_history_row(row) for row in listed]
    return str(meta.get("as_of")), [row for row in found if row], sum(row is None for row in found)


def _history_row(row: Any) -> Row | None:
    try:
        tokens = whole_number(row["total_tokens"], MOST_TOKENS)
        day, slug = date.fromisoformat(row["date"]), row["model_permaslug"]
    except (KeyError, TypeError, ValueError):
        return None
    return (day, slug, tokens) if tokens is not None and isinstance(slug, str) and slug else None


def _row(path: str, number: int, line: list[str]) -> Row:
    try:
        day, slug, rank, tokens, share = line
        count = whole_number(tokens, MOST_TOKENS)
        is_ranked = rank.isdigit() if slug != OTHER else rank == ""
        if count is None or not is_ranked or not 0 <= float(share) <= 1 or not 0 < len(slug) <= MAX_NAME_CHARS:
            raise ValueError(", ".join(line))
        return date.fromisoformat(day), slug, count
    except ValueError as problem:
        raise _changed(path, f"line {number} cannot be read ({problem})") from problem


def _changed(path: str, what: str) -> DataError:
    return DataError(
        f"{path} of OpenRouter is not as expected: {what[:200]}. Its format may have changed: look for a newer version "
        "of this program. Nothing was added to the lake."
    )


def _check_days(export: Export, found: list[Row]) -> None:
    """Raise DataError for days outside of the export's weeks, and for a model that is named twice on a day."""
    outside = sorted({day for day, _, _ in found if not export.day - _LONGEST_EXPORT <= day <= export.day})
    if outside or not found:
        raise _changed(export.path, f"it has rows of {outside[0]}" if outside else "it is empty")
    if len({(day, slug) for day, slug, _ in found}) < len(found):
        raise _changed(export.path, "a model is named twice on a day")
