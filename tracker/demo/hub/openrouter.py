"""A stand-in for OpenRouter: the keyless daily export, the list of models, and the history with a key.

It runs on the embedded Hub's port, so its faults are injected in the same way; those of `Misbehaviour` are its own.
"""

import csv
import hashlib
import io
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Protocol

from starlette.requests import Request

from tracker.demo.hub.responses import HubResponse, json_response

EXPORTS = "/api/v1/datasets/exports/rankings-daily/{name}"
HISTORY = "/api/v1/datasets/rankings-daily"
MODELS = "/api/v1/models"
ATTRIBUTION = "Source: OpenRouter (openrouter.ai/rankings), as of {day}, CC BY 4.0"
FIRST_HISTORY_DAY = date(2025, 1, 1)
EXPORT_DAYS, KEPT_EXPORTS, RANKED = 30, 20, 50
_MOST_HISTORY_DAYS = 366
_COLUMNS = ("date", "model_permaslug", "rank", "total_tokens", "share_of_daily_tokens")
_RESTATED_DAYS = 3


class Tokens(Protocol):
    """What models were used on OpenRouter."""

    @property
    def repositories(self) -> Mapping[str, str]:
        """Slug of an open model -> its repository on the Hub."""

    def tokens_on(self, day: date) -> Mapping[str, int]:
        """Slug -> tokens of that day."""


@dataclass
class Misbehaviour:
    """What the stand-in does wrong, until it is told otherwise."""

    has_wrong_checksum: bool = False
    is_publishing: bool = False
    """The manifest is of the day before, and names the file of today."""

    renamed: dict[str, str] = field(default_factory=dict)
    """Slug -> the name it has in exports from now on."""

    missing_days: set[date] = field(default_factory=set)
    """Days that no export has."""

    columns: tuple[str, ...] = _COLUMNS


class OpenRouter:
    """The routes, over the tokens of a world."""

    def __init__(self, tokens: Tokens) -> None:
        """Serve `tokens`."""
        self._tokens = tokens
        self.misbehaviour = Misbehaviour()

    def export(self, request: Request, today: date) -> HubResponse:
        """The manifest of the newest export, or the CSV of a day that is still kept."""
        name, _, ending = str(request.path_params["name"]).partition(".")
        if ending == "manifest.json" and name == "latest":
            return json_response(self._manifest(today, str(request.base_url).rstrip("/")))
        try:
            day = today if name == "latest" else date.fromisoformat(name)
        except ValueError:
            return _error(404, "Export not found")
        if ending != "csv" or not today - timedelta(days=KEPT_EXPORTS) < day <= today:
            return _error(404, "Export not found")
        return HubResponse(200, {"content-type": "text/csv", "cache-control": "max-age=300"}, self.csv(day))

    def models(self) -> HubResponse:
        """The list of models. Those without open weights name no repository."""
        rows = [
            {"id": slug, "canonical_slug": slug, "hugging_face_id": repo_id, "name": slug}
            for slug, repo_id in self._tokens.repositories.items()
        ]
        closed = {"id": "anthropic/claude-sonnet-5", "hugging_face_id": "", "name": "Claude"}
        return json_response({"data": [*rows, closed]})

    def history(self, request: Request, today: date) -> HubResponse:
        """Days between two dates, tokens as text, with any key."""
        if not request.headers.get("authorization", "").startswith("Bearer "):
            return _error(401, "No auth credentials found")
        try:
            start, end = (date.fromisoformat(request.query_params[name]) for name in ("start_date", "end_date"))
        except (KeyError, ValueError):
            return _error(400, "start_date and end_date are required")
        if start < FIRST_HISTORY_DAY or end < start or (end - start).days >= _MOST_HISTORY_DAYS:
            return _error(400, "Invalid date range")
        days = [start + timedelta(days=n) for n in range((min(end, today) - start).days + 1)]
        rows = [
            {"date": str(day), "model_permaslug": slug, "total_tokens": str(tokens)}
            for day in days
            for slug, _, tokens in self._ranked(day, today)
        ]
        meta = {"as_of": today.isoformat(), "version": "v1", "start_date": str(start), "end_date": str(end)}
        return json_response({"data": rows, "meta": meta})

    def csv(self, snapshot: date) -> bytes:
        """The export of a day: the thirty days before it, the fifty most used models and the rest."""
        text = io.StringIO()
        writer = csv.writer(text, lineterminator="\r\n")
        writer.writerow(self.misbehaviour.columns)
        for day in sorted(snapshot - timedelta(days=n) for n in range(1, EXPORT_DAYS + 1)):
            ranked = self._ranked(day, snapshot)
            total = sum(tokens for _, _, tokens in ranked) or 1
            writer.writerows((day, slug, rank, tokens, f"{tokens / total:.6f}") for slug, rank, tokens in ranked)
        return text.getvalue().encode("ascii")

    def _ranked(self, day: date, snapshot: date) -> list[tuple[str, int | str, int]]:
        """Slug, rank and tokens of a day as `snapshot` has them: its last days are restated by later ones."""
        if day in self.misbehaviour.missing_days:
            return []
        missing = max(0, _RESTATED_DAYS + 1 - (snapshot - day).days)
        counts = {
            self.misbehaviour.renamed.get(slug, slug): tokens - tokens * missing // 10_000
            for slug, tokens in self._tokens.tokens_on(day).items()
        }
        ordered = sorted(counts.items(), key=lambda item: (-item[1], item[0]))
        found: list[tuple[str, int | str, int]] = [
            (slug, rank, tokens) for rank, (slug, tokens) in enumerate(ordered[:RANKED], 1)
        ]
        rest = sum(tokens for _, tokens in ordered[RANKED:])
        return [*found, ("other", "", rest)] if ordered else []

    def _manifest(self, today: date, base: str) -> dict[str, object]:
        content = self.csv(today)
        sha256 = hashlib.sha256(content).hexdigest()
        day = today - timedelta(days=self.misbehaviour.is_publishing)
        return {
            "dataset": "rankings-daily",
            "schema_version": "v1",
            "snapshot_date": day.isoformat(),
            "retrieved_at": f"{day.isoformat()}T01:46:00Z",
            "row_count": content.count(b"\r\n") - 1,
            "license": {"name": "CC BY 4.0", "url": "https://creativecommons.org/licenses/by/4.0/"},
            "attribution": ATTRIBUTION.format(day=day),
            "files": {
                "csv": {
                    "url": f"{base}{EXPORTS.format(name=f'{today.isoformat()}.csv')}",
                    "encoding_format": "text/csv",
                    "bytes": len(content),
                    "sha256": "0" * 64 if self.misbehaviour.has_wrong_checksum else sha256,
                }
            },
        }


def _error(status: int, message: str) -> HubResponse:
    body = json.dumps({"error": {"message": message, "code": status}}).encode()
    return HubResponse(status, {"content-type": "application/json"}, body)
