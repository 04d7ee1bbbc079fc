"""The Hub's page cursor: a keyset filter in MongoDB's notation, as JSON in base64.

```text
createdAt   {"_id":{"$gt":"621f…"}}                                      ($lt when newest first)
other keys  {"$or":[{"likes":294,"_id":{"$gt":"621f…"}},{"likes":{"$lt":294}}]}
            with {"likes":null} as a third case where rows without a value still follow
```
The cursor names the last row by value, not by position: a row whose counter changes between two
requests can be repeated or skipped, as on the real Hub.
"""

import base64
import binascii
import json
from dataclasses import dataclass
from typing import Any

from tracker.demo.hub.responses import BadRequest

CREATION = "createdAt"


@dataclass(frozen=True, slots=True)
class Position:
    """The last row of a page under one sort key."""

    value: Any
    """The row's value of the sort key; None if it has none, and for `createdAt`, where `hub_id` decides."""

    hub_id: str


def encoded(position: Position, sort: str, is_ascending: bool) -> str:
    """The cursor of the page after `position`."""
    text = json.dumps(_keyset(position, sort, is_ascending), separators=(",", ":"), ensure_ascii=False)
    return base64.b64encode(text.encode()).decode()


def decoded(cursor: str, sort: str, is_ascending: bool) -> Position:
    """The position in a cursor. Raises BadRequest unless the cursor is of this sort key and direction."""
    try:
        keyset = json.loads(base64.b64decode(cursor, validate=True))
        position = _position(keyset, sort)
    except (binascii.Error, ValueError, KeyError, IndexError, TypeError):
        raise BadRequest("Invalid cursor") from None
    if not _is_possible(position, sort) or _keyset(position, sort, is_ascending) != keyset:
        raise BadRequest("Invalid cursor")
    return position


def _keyset(position: Position, sort: str, is_ascending: bool) -> dict[str, Any]:
    onward = "$gt" if is_ascending else "$lt"
    if sort == CREATION:
        return {"_id": {onward: position.hub_id}}
    same = {sort: position.value, "_id": {"$gt": position.hub_id}}
    if position.value is None:
        return {"$or": [same, {sort: {"$ne": None}}]} if is_ascending else {"$or": [same]}
    beyond = [{sort: {onward: position.value}}]
    return {"$or": [same, *beyond] if is_ascending else [same, *beyond, {sort: None}]}


def _position(keyset: Any, sort: str) -> Position:
    if sort == CREATION:
        (hub_id,) = keyset["_id"].values()
        return Position(None, hub_id)
    same = keyset["$or"][0]
    return Position(same[sort], same["_id"]["$gt"])


def _is_possible(position: Position, sort: str) -> bool:
    kind = str if sort == "lastModified" else (int, float)
    return isinstance(position.hub_id, str) and (position.value is None or isinstance(position.value, kind))
