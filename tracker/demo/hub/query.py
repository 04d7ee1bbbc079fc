"""Parameters of the list route, parsed and checked as the Hub does."""

from collections.abc import Sequence
from dataclasses import dataclass

from tracker.demo.hub import cursor as cursors
from tracker.demo.hub import fields
from tracker.demo.hub.responses import BadRequest

PAGE_ROWS = 1000
"""Rows of a page by default and at most; a larger `limit` is reduced to it."""

SORT_KEYS = ("createdAt", "downloads", "lastModified", "likes", "trendingScore")

Params = Sequence[tuple[str, str]]
"""A query string as pairs in order; keys may repeat."""


@dataclass(frozen=True, slots=True)
class Selection:
    """The filters of a list request."""

    tags: tuple[str, ...] = ()
    author: str | None = None
    search: str | None = None
    is_gated: bool | None = None
    pipeline_tag: str | None = None
    params_min: float | None = None
    params_max: float | None = None


@dataclass(frozen=True, slots=True)
class ListQuery:
    """A list request: filters, order, page and fields."""

    selection: Selection
    sort: str
    is_ascending: bool
    limit: int
    after: cursors.Position | None
    fields: tuple[str, ...]


def list_query(params: Params) -> ListQuery:
    """Parse `params`. Unknown parameters are ignored, as on the Hub.

    Raises BadRequest for a value the Hub refuses.
    """
    given = dict(params)
    sort = _one_of(given, "sort", SORT_KEYS, default="trendingScore")
    is_ascending = _one_of(given, "direction", ("1", "-1"), default="-1") == "1"
    cursor = given.get("cursor")
    return ListQuery(
        selection=_selection(params, given),
        sort=sort,
        is_ascending=is_ascending,
        limit=_limit(given.get("limit")),
        after=None if cursor is None else cursors.decoded(cursor, sort, is_ascending),
        fields=_fields(params, given),
    )


def _selection(params: Params, given: dict[str, str]) -> Selection:
    low, high = _range(given.get("num_parameters"))
    gated = _one_of(given, "gated", ("true", "false"), default="")
    return Selection(
        tags=tuple(value for key, value in params if key in ("filter", "filter[]")),
        author=given.get("author"),
        search=given.get("search"),
        is_gated=gated == "true" if gated else None,
        pipeline_tag=given.get("pipeline_tag"),
        params_min=low,
        params_max=high,
    )


def _fields(params: Params, given: dict[str, str]) -> tuple[str, ...]:
    names = fields.requested(params, fields.LISTABLE)
    if names:
        return names
    more = {"full": fields.FULL, "cardData": ("cardData",), "config": ("config",)}
    return (*fields.LIST_DEFAULT, *(name for key in more if given.get(key) == "true" for name in more[key]))


def _one_of(given: dict[str, str], key: str, allowed: Sequence[str], default: str) -> str:
    value = given.get(key, default)
    if value not in allowed and value != default:
        raise BadRequest(fields.invalid_option(allowed, where=key))
    return value


def _limit(text: str | None) -> int:
    if text is None:
        return PAGE_ROWS
    if not (text.isascii() and text.isdigit()) or int(text) == 0:
        raise BadRequest("✖ Invalid input: expected number, at least 1\n  → at limit")
    return min(int(text), PAGE_ROWS)


def _range(text: str | None) -> tuple[float | None, float | None]:
    """`min:6B,max:128B` -> (6e9, 128e9); either end may be missing."""
    ends: dict[str, float] = {}
    for part in text.split(",") if text else ():
        end, _, size = part.partition(":")
        scale = {"K": 1e3, "M": 1e6, "B": 1e9, "T": 1e12}.get(size[-1:].upper())
        number = size[:-1] if scale else size
        try:
            ends[{"min": "min", "max": "max"}[end]] = float(number) * (scale or 1)
        except (KeyError, ValueError):
            raise BadRequest("✖ Invalid input: expected min:6B,max:128B\n  → at num_parameters") from None
    return ends.get("min"), ends.get("max")
