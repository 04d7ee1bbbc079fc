"""Read ModelScope: all models of the accounts in the registry, most downloaded first."""

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import date
from urllib.parse import urlencode

import pyarrow as pa

from tracker.domain import Axis
from tracker.errors import DataError
from tracker.hub.client import HubClient, Service
from tracker.lake.axis_days import SCHEMA, AxisManifest
from tracker.registry.entries import Registry, TaskClass
from tracker.sources.modelscope import listing
from tracker.sources.source import About, Pages, Reading, refuse_changed_format

SERVICE = Service(
    "ModelScope",
    "MODELSCOPE_ENDPOINT",
    "none is needed",
    "Its quota may be used up, or it asks for a token now: run the same command again tomorrow.",
)
PAUSE_SECONDS = 0.2
"""Between two requests; no limit is documented."""

PAGE_ROWS, MOST_ROWS = 50, 3000
"""The largest page, and how many models of an account the route lists."""

_FEW_MISSING, _MOST_MISSING_SHARE = 2, 0.05
"""If more models are missing than these and this part of the total, an account was not read whole. A few may move to
another page while the list is read."""

_ACCOUNT = re.compile(r"\^([\w.-]+)/")


class ModelScope:
    """All-time downloads and likes by model."""

    about = About(
        axis=Axis.MODELSCOPE,
        title="Downloads on ModelScope",
        unit="downloads",
        asks="the models of each registered account, 50 a page, most downloaded first",
        returns="downloads since creation and likes of each model, and its tasks",
        refuses="rows of another account, counters that are not numbers, an account that was not read whole",
        licence="no licence is stated",
        licence_url="https://modelscope.cn",
        attribution="Source: ModelScope (modelscope.cn), public API",
    )

    def __init__(self, client: HubClient, registry: Registry) -> None:
        """Read the accounts that `registry` names."""
        self._client = client
        self._owners = accounts(registry)
        self._language = {task.id for task in registry.tasks if task.task_class == TaskClass.LANGUAGE}
        self.clients: Sequence[HubClient] = [client]

    def read(self, pages: Pages, day: date, past: Sequence[AxisManifest]) -> Reading:
        """Read all accounts. Raises DataError also if fewer than half of the models of the last reading are left."""
        models: list[listing.Model] = []
        refused: Counter[str] = Counter()
        for owner in self._owners:
            found, reasons = self._account(pages, owner)
            models += found
            refused.update(reasons)
        refuse_changed_format("ModelScope", len(models) + refused.total(), dict(refused))
        last = max(past, key=lambda manifest: manifest.day, default=None)
        if last and len(models) * 2 < last.entities:
            raise DataError(
                f"ModelScope lists {len(models):,} models of registered accounts, less than half of the "
                f"{last.entities:,} of {last.day}. Nothing was added to the lake; run the same command again later."
            )
        assert pages.read_at is not None
        parts = [self._rows(models, metric, day, pages) for metric in ("downloads", "likes")]
        about = self.about
        return Reading(
            pa.concat_tables(parts), str(day), about.licence, about.licence_url, about.attribution, dict(refused)
        )

    def _account(self, pages: Pages, owner: str) -> tuple[list[listing.Model], list[str]]:
        """Return the models of an account, each once, and why rows were refused."""
        models: dict[str, listing.Model] = {}
        refused: list[str] = []
        rows, total, number = 0, 1, 0
        while rows < min(total, MOST_ROWS):
            number += 1
            page = pages.get(self._client, self._url(owner, number), lambda body: listing.page(body, owner))
            if not page.rows:
                break
            models |= {model.name: model for model in page.models}
            refused += page.refused
            rows, total = rows + page.rows, page.total
        listed = len(models) + len(refused)
        most_missing = max(_FEW_MISSING, _MOST_MISSING_SHARE * total)
        if rows and listed < min(total, MOST_ROWS) - most_missing:
            raise DataError(
                f"ModelScope lists {total:,} models of {owner}, but its pages have {listed:,}: the list changed while "
                "it was read. Nothing was added to the lake; run the same command again later."
            )
        return list(models.values()), refused

    def _url(self, owner: str, number: int) -> str:
        query = {"owner": owner, "sort": "downloads", "page_number": number, "page_size": PAGE_ROWS}
        return f"{self._client.endpoint}/openapi/v1/models?{urlencode(query)}"

    def _rows(self, models: Iterable[listing.Model], metric: str, day: date, pages: Pages) -> pa.Table:
        chosen = list(models)
        count = len(chosen)
        columns = {
            "axis": [self.about.axis.value] * count,
            "entity_kind": ["model" if self._language & {*model.tasks} else "other model" for model in chosen],
            "entity": [model.name for model in chosen],
            "hub_id": [None] * count,
            "repo_id": [None] * count,
            "day": [day] * count,
            "metric": [metric] * count,
            "value": [float(model.downloads if metric == "downloads" else model.likes) for model in chosen],
            "is_cumulative": [True] * count,
            "precision": ["exact"] * count,
            "read_at": [pages.read_at] * count,
            "source_revision": [str(day)] * count,
        }
        return pa.table(columns, schema=SCHEMA)


def accounts(registry: Registry) -> list[str]:
    """Return the accounts that the registry names: the aliases of the form `^owner/`, in their exact case."""
    found = (_ACCOUNT.fullmatch(alias.pattern) for alias in registry.axis_aliases if alias.axis == Axis.MODELSCOPE)
    return [match[1] for match in found if match]
