"""Read which inference providers serve the models of registered labs.

The Hub's filter `inference_provider=all` is never used: it also lists tens of thousands of adapters.
"""

import json
import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from urllib.parse import urlencode

import pyarrow as pa

from tracker.domain import Axis
from tracker.hub.client import HubClient, InvalidBody
from tracker.hub.listing import PAGE_ROWS
from tracker.lake.axis_days import SCHEMA, AxisManifest
from tracker.lake.bounds import MAX_NAME_CHARS, NAME_PATTERN
from tracker.registry.entries import Registry, Role, TaskClass
from tracker.sources.source import About, Pages, Reading, refuse_changed_format

FIELD = "inferenceProviderMapping"
_LIVE = "live"
_ID = re.compile("[0-9a-f]{24}")


@dataclass(frozen=True, slots=True)
class Offer:
    """A model that is offered."""

    hub_id: str
    repo_id: str
    providers: int
    tasks: frozenset[str]


class Providers:
    """Live inference providers by model."""

    about = About(
        axis=Axis.PROVIDERS,
        title="Offers of inference providers",
        unit="offers",
        asks=f"the models of each registered lab's accounts, with {FIELD}",
        returns="how many providers serve a model; a model without one has no row",
        refuses="rows without id, and mappings that are neither a list nor an object",
        licence="no licence is stated",
        licence_url="https://huggingface.co/docs/inference-providers",
        attribution="Source: Hugging Face Hub, inference providers",
    )

    def __init__(self, client: HubClient, registry: Registry) -> None:
        """Read the accounts of labs in `registry`."""
        self._client = client
        self._owners = [one.handle for one in registry.organizations if one.role == Role.LAB and one.until is None]
        self._language = {task.id for task in registry.tasks if task.task_class == TaskClass.LANGUAGE}
        self.clients: Sequence[HubClient] = [client]

    def read(self, pages: Pages, day: date, past: Sequence[AxisManifest]) -> Reading:
        """Read all accounts."""
        offers: dict[str, Offer] = {}
        refused: Counter[str] = Counter()
        rows = 0
        for body in self._bodies(pages):
            found = page(body)
            rows += len(found)
            offers |= {offer.hub_id: offer for offer in found if isinstance(offer, Offer) and offer.providers}
            refused.update(offer for offer in found if isinstance(offer, str))
        refuse_changed_format("the Hub's list of inference providers", rows, dict(refused))
        assert pages.read_at is not None
        chosen, count = list(offers.values()), len(offers)
        columns = {
            "axis": [self.about.axis.value] * count,
            "entity_kind": ["model" if self._language & offer.tasks else "other model" for offer in chosen],
            "entity": [offer.repo_id for offer in chosen],
            "hub_id": [offer.hub_id for offer in chosen],
            "repo_id": [offer.repo_id for offer in chosen],
            "day": [day] * count,
            "metric": ["providers"] * count,
            "value": [float(offer.providers) for offer in chosen],
            "is_cumulative": [False] * count,
            "precision": ["exact"] * count,
            "read_at": [pages.read_at] * count,
            "source_revision": [str(day)] * count,
        }
        about, table = self.about, pa.table(columns, schema=SCHEMA)
        return Reading(table, str(day), about.licence, about.licence_url, about.attribution, dict(refused))

    def _bodies(self, pages: Pages) -> Iterator[bytes]:
        """Yield every page of every account."""
        for owner in self._owners:
            query = {"author": owner, "sort": "createdAt", "direction": "1", "limit": PAGE_ROWS, "expand": FIELD}
            url: str | None = f"{self._client.endpoint}/api/models?{urlencode(query)}"
            while url:
                body, url = pages.get_linked(self._client, url, _checked)
                yield body


def _checked(body: bytes) -> bytes:
    """Return the body of a page. Raises InvalidBody, so that it is requested again, if it is no list."""
    try:
        rows = json.loads(body)
    except (ValueError, RecursionError) as problem:
        raise InvalidBody("the answer is cut or no JSON") from problem
    if not isinstance(rows, list):
        raise InvalidBody(f"the answer is not a list but {body[:80].decode(errors='replace')!r}")
    return body


def page(body: bytes) -> list[Offer | str]:
    """Parse a page: an offer per model, or why its row cannot be used."""
    return [_offer(row) for row in json.loads(body)]


def _offer(row: Any) -> Offer | str:
    if not isinstance(row, Mapping):
        return "a row is not an object"
    hub_id, repo_id, mapping = row.get("_id"), row.get("id"), row.get(FIELD)
    if not isinstance(hub_id, str) or not _ID.fullmatch(hub_id):
        return "a row has no usable _id"
    if not isinstance(repo_id, str) or len(repo_id) > MAX_NAME_CHARS or not re.fullmatch(NAME_PATTERN, repo_id):
        return "a row has no usable id"
    if isinstance(mapping, Mapping):  # as the route of one model gives it
        mapping = [{"provider": name, **item} for name, item in mapping.items() if isinstance(item, Mapping)]
    if mapping is not None and not isinstance(mapping, list):
        return f"{FIELD} is neither a list nor an object"
    live = [item for item in mapping or [] if isinstance(item, Mapping) and _is_live(item)]
    tasks = frozenset(str(item.get("task")) for item in live)
    return Offer(hub_id, repo_id, len({str(item.get("provider")) for item in live}), tasks)


def _is_live(item: Mapping[str, Any]) -> bool:
    """Whether the item is a provider that serves the model itself, not adapters of it that have some tag."""
    is_adapter = item.get("type") == "tag-filter" or "adapterType" in item or "adapter" in item
    return item.get("status") == _LIVE and isinstance(item.get("provider"), str) and not is_adapter
