"""Parse a page of ModelScope's list route. Pure."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from tracker.errors import HubError
from tracker.hub.client import InvalidBody
from tracker.lake.bounds import MAX_COUNTER, MAX_NAME_CHARS, NAME_PATTERN
from tracker.sources.source import json_object, whole_number


@dataclass(frozen=True, slots=True)
class Model:
    """One model of an account."""

    name: str
    downloads: int
    """Since it was created."""
    likes: int
    tasks: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Page:
    """One page of an account's models."""

    models: tuple[Model, ...]
    rows: int
    """Rows on the page, refused ones too."""

    total: int
    """Models of the account, as this page counts them. It can differ between pages."""

    refused: tuple[str, ...]
    """Why rows cannot be used, one reason each."""


def page(body: bytes, owner: str) -> Page:
    """Parse a page of the models of `owner`. Raises InvalidBody to ask again, HubError if ModelScope refuses."""
    content = json_object(body)
    if content.get("success") is False:
        raise HubError(
            f"ModelScope refused to list {owner}: {content.get('code')} ({str(content.get('message'))[:200]}). If its "
            "quota is used up, run the same command again tomorrow. Pages read so far are saved."
        )
    data = content.get("data")
    listed = data.get("models") if isinstance(data, dict) else None
    total = whole_number(data.get("total_count"), MAX_COUNTER) if isinstance(data, dict) else None
    if not isinstance(listed, list) or total is None:
        raise InvalidBody("the page has no 'models' or no 'total_count'")
    found = [_model(row, owner) for row in listed]
    models = tuple(row for row in found if isinstance(row, Model))
    return Page(models, len(listed), total, tuple(row for row in found if isinstance(row, str)))


def _model(row: Any, owner: str) -> Model | str:
    """Return a model, or why its row cannot be used."""
    if not isinstance(row, Mapping):
        return "a row is not an object"
    name, tasks = row.get("id"), row.get("tasks")
    if not isinstance(name, str) or len(name) > MAX_NAME_CHARS or not re.fullmatch(NAME_PATTERN, name):
        return "a row has no usable id"
    if name.partition("/")[0] != owner:
        return "a row is of another account"
    downloads, likes = (whole_number(row.get(key), MAX_COUNTER) for key in ("downloads", "likes"))
    if downloads is None or likes is None:
        return "downloads or likes are not a number"
    known = tasks if isinstance(tasks, list) else []
    return Model(name, downloads, likes, tuple(task for task in known if isinstance(task, str)))
