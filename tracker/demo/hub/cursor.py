"""The Hub's page cursor: a keyset filter in MongoDB's notation, as JSON in base64.

```text
createdAt   {"_id":{"$gt":"621f…"}}                                      ($lt when newest first)
other keys  {"$or":[{"likes":294,"_id":{"$gt":"621f…"}},{"likes":{"$lt":294}}]}
            with {"likes":null} as a third case where rows without a value still follow
```
The cursor says after which row to go on, by value and never by position, so a row keeps
or loses its place when its counter moves between two pages, as on the real Hub.
"""

import base64
import binascii
import json
from dataclasses import dataclass
from typing import Any

from tracker.demo.hub.refusals import BadRequest

CREATION = "createdAt"


@dataclass(frozen=True, slots=True)
class Place:
    """The row a page ended with, under one sort key."""

    value: Any
    """The row's value of the sort key; None where it has none, and under `createdAt`, which `hub_id` decides."""

    hub_id: str


def encoded(place: Place, sort: str, is_ascending: bool) -> str:
    """The cursor that asks for the rows after `place`."""
    text = json.dumps(_keyset(place, sort, is_ascending), separators=(",", ":"), ensure_ascii=False)
    return base64.b64encode(text.encode()).decode()


def decoded(cursor: str, sort: str, is_ascending: bool) -> Place:
    """The place a cursor goes on after.

    Raises BadRequest for anything but a cursor of this sort key and direction.
    """
    try:
        keyset = json.loads(base64.b64decode(cursor, validate=True))
        place = _place(keyset, sort)
    except (binascii.Error, ValueError, KeyError, IndexError, TypeError):
        raise BadRequest("Invalid cursor") from None
    if not _is_possible(place, sort) or _keyset(place, sort, is_ascending) != keyset:
        raise BadRequest("Invalid cursor")
    return place


def _keyset(place: Place, sort: str, is_ascending: bool) -> dict[str, Any]:
    onward = "$gt" if is_ascending else "$lt"
    if sort == CREATION:
        return {"_id": {onward: place.hub_id}}
    same = {sort: place.value, "_id": {"$gt": place.hub_id}}
    if place.value is None:
        return {"$or": [same, {sort: {"$ne": None}}]} if is_ascending else {"$or": [same]}
    beyond = [{sort: {onward: place.value}}]
    return {"$or": [same, *beyond] if is_ascending else [same, *beyond, {sort: None}]}


def _place(keyset: Any, sort: str) -> Place:
    if sort == CREATION:
        (hub_id,) = keyset["_id"].values()
        return Place(None, hub_id)
    same = keyset["$or"][0]
    return Place(same[sort], same["_id"]["$gt"])


def _is_possible(place: Place, sort: str) -> bool:
    kind = str if sort == "lastModified" else (int, float)
    return isinstance(place.hub_id, str) and (place.value is None or isinstance(place.value, kind))
