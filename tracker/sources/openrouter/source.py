"""Read OpenRouter: the newest export of the daily rankings and, once, the history before it if there is a key."""

from collections.abc import Sequence
from datetime import date, timedelta
from urllib.parse import urlencode

import pyarrow as pa

from tracker.domain import Axis
from tracker.errors import DataError
from tracker.hub.client import HubClient, Service
from tracker.lake.axis_days import SCHEMA, AxisManifest
from tracker.sources.openrouter import rankings
from tracker.sources.source import About, Pages, Reading, refuse_changed_format

SERVICE = Service(
    "OpenRouter",
    "OPENROUTER_ENDPOINT",
    "OPENROUTER_API_KEY",
    "Check OPENROUTER_API_KEY, or unset it: only the history needs it.",
)
FIRST_DAY = date(2025, 1, 1)
"""The history begins here."""

_EXPORTS = "/api/v1/datasets/exports/rankings-daily"
_MOST_DAYS = 366
"""Days of one request for the history."""


class OpenRouter:
    """Tokens a day by model."""

    about = About(
        axis=Axis.OPENROUTER,
        title="Tokens on OpenRouter",
        unit="tokens",
        asks="the manifest of the newest export of rankings-daily, its dated CSV, and the list of models",
        returns="tokens a day of the 50 most used models and of all others together, over 30 days",
        refuses="a CSV that is not as its manifest says, rows that cannot be read, days outside of the export",
        licence="CC BY 4.0",
        licence_url="https://creativecommons.org/licenses/by/4.0/",
        attribution="Source: OpenRouter (openrouter.ai/rankings)",
    )

    def __init__(self, client: HubClient, keyed: HubClient | None = None) -> None:
        """`keyed` sends a key, which only the history needs."""
        self._client, self._keyed = client, keyed
        self.clients: Sequence[HubClient] = [client, *([keyed] if keyed else [])]

    def read(self, pages: Pages, day: date, past: Sequence[AxisManifest]) -> Reading:
        """Read the newest export, and the history if no earlier reading has it. A day of `past` is never replaced."""
        endpoint = self._client.endpoint
        export = pages.get(self._client, f"{endpoint}{_EXPORTS}/latest.manifest.json", rankings.manifest)
        found = pages.get(self._client, f"{endpoint}{export.path}", lambda body: rankings.export_rows(body, export))
        of_slug = pages.get(self._client, f"{endpoint}/api/v1/models", rankings.slugs)
        first = min(row[0] for row in found)
        revisions = [str(export.day)] * len(found)
        refused = {}
        if self._keyed and not any(manifest.first_day <= FIRST_DAY for manifest in past):
            as_of, before, bad = self._history(pages, self._keyed, first - timedelta(days=1))
            found += before
            revisions += [f"history as of {as_of}"] * len(before)
            refused = {"a row of the history cannot be read": bad} if bad else {}
        assert pages.read_at is not None
        columns = {
            "axis": [self.about.axis.value] * len(found),
            "entity_kind": ["rest" if slug == rankings.OTHER else "model" for _, slug, _ in found],
            "entity": [slug for _, slug, _ in found],
            "hub_id": [None] * len(found),
            "repo_id": [rankings.repository(slug, of_slug) for _, slug, _ in found],
            "day": [of_day for of_day, _, _ in found],
            "metric": ["tokens"] * len(found),
            "value": [float(tokens) for _, _, tokens in found],
            "is_cumulative": [False] * len(found),
            "precision": ["exact"] * len(found),
            "read_at": [pages.read_at] * len(found),
            "source_revision": revisions,
        }
        rows = pa.table(columns, schema=SCHEMA)
        return Reading(rows, str(export.day), export.licence, export.licence_url, export.attribution, refused)

    def _history(self, pages: Pages, client: HubClient, until: date) -> tuple[str, list[rankings.Row], int]:
        """Return the history from its first day to `until`, a year at a time."""
        found: list[rankings.Row] = []
        as_of, refused, start = "", 0, FIRST_DAY
        while start <= until:
            end = min(until, start + timedelta(days=_MOST_DAYS - 1))
            query = urlencode({"start_date": start.isoformat(), "end_date": end.isoformat()})
            url = f"{client.endpoint}/api/v1/datasets/rankings-daily?{query}"
            as_of, rows, bad = pages.get(client, url, rankings.history)
            if outside := [day for day, _, _ in rows if not start <= day <= end]:
                raise DataError(
                    f"OpenRouter's history of {start} to {end} has rows of {outside[0]}. Its API may have changed: "
                    "look for a newer version of this program. Nothing was added to the lake."
                )
            refuse_changed_format("OpenRouter's history", len(rows) + bad, {"they cannot be read": bad})
            found += rows
            refused += bad
            start = end + timedelta(days=1)
        return as_of, found, refused
