"""A look at one answered page before it is kept: is it a whole list, how long, which ids. No row becomes an object."""

import json
import re
import zlib
from dataclasses import dataclass

import duckdb

from tracker.duck import Connection, rows
from tracker.hub.client import Answer, BadBody

_LOOK = """
with page as (select json_extract_string($1, '$[*]._id') as ids, json_array_length($1) as row_count)
select
    row_count, len(ids) = row_count,
    list_min(list_filter(ids, lambda id: regexp_full_match(id, '[0-9a-f]{24}'))),
    list_max(list_filter(ids, lambda id: regexp_full_match(id, '[0-9a-f]{24}')))
from page
"""
_ID = re.compile("[0-9a-f]{24}")
_GLANCES = 40
"""How many places near the end are tried as the beginning of the last row; bases of that row look alike."""


@dataclass(frozen=True, slots=True)
class Look:
    """What was found on a page."""

    body: bytes
    """To be saved: the page as JSON text."""

    rows: int
    is_regular: bool
    """As far as was seen, every row is an object with an `_id`, and no value is null: absent then means absent."""

    lowest_id: str | None
    highest_id: str | None


class PageReader:
    """Looks at pages with one DuckDB connection; one reader a thread."""

    def __init__(self) -> None:
        self._connection: Connection | None = None

    def look(self, answer: Answer) -> Look:
        """What the page holds. Raises BadBody unless it is one whole JSON array."""
        body = _unpacked(answer)
        text = _text(body)
        return _glance(body, text) or self._study(text)

    def _study(self, text: str) -> Look:
        """A look at a page that parses it whole."""
        if self._connection is None:
            self._connection = duckdb.connect(config={"threads": 1})
        try:
            [found] = rows(self._connection, _LOOK, [text])
        except duckdb.Error:
            text = _mended(text)
            [found] = rows(self._connection, _LOOK, [text])
        row_count, has_ids, lowest, highest = found
        return Look(text.encode(), row_count, has_ids and "null" not in text, lowest, highest)


def _glance(body: bytes, text: str) -> Look | None:
    """A look at an ordinary page by its first and last row alone; None if it is not ordinary.

    A cut page has no whole last row. Rows are counted by their `createdAt`, which nothing else on a page has.
    """
    row_count = body.count(b'"createdAt":')
    if row_count == 0 or b"null" in body or (b"\\" in body and re.search(rb"\\u[dD]", body)):
        return None
    try:
        first, _ = json.JSONDecoder().raw_decode(text, text.index("{"))
    except ValueError:
        return None
    ids = [str(row.get("_id")) for row in (first, _last_row(text)) if isinstance(row, dict)]
    if len(ids) < 2 or not all(_ID.fullmatch(id_) for id_ in ids):
        return None
    return Look(body, row_count, True, min(ids), max(ids))


def _last_row(text: str) -> object:
    end = text.rfind("]", len(text) - 64)
    if text[end:].strip() != "]":
        return None
    start = end
    for _ in range(_GLANCES):
        start = text.rfind('{"_id"', 0, start)
        if start < 0:
            return None
        try:
            row = json.loads(text[start:end])
        except json.JSONDecodeError:
            continue
        return row if "createdAt" in row else None  # a base at the end of a cut page has none
    return None


def _unpacked(answer: Answer) -> bytes:
    if answer.encoding == "":
        return answer.body
    if answer.encoding != "gzip":
        raise BadBody(f"the answer is packed as {answer.encoding!r}, which was not asked for")
    unpacker = zlib.decompressobj(wbits=31)
    try:
        body = unpacker.decompress(answer.body)
    except zlib.error as problem:
        raise BadBody("the answer could not be unpacked") from problem
    if not unpacker.eof:
        raise BadBody("the answer was cut")
    return body


def _text(body: bytes) -> str:
    try:
        text = body.decode("utf-8")
    except UnicodeDecodeError as problem:
        raise BadBody("the answer is not UTF-8 text") from problem
    if not text[:64].lstrip().startswith("["):
        raise BadBody(f"the answer is not a list but {text.strip()[:80]!r}")
    return text


def _mended(text: str) -> str:
    """The same list without what only strict readers refuse: half of a surrogate pair, which JavaScript lets through.

    Raises BadBody if it is not a JSON array at all, as when it was cut.
    """
    try:
        rows = json.loads(text)
    except json.JSONDecodeError as problem:
        raise BadBody(f"the answer is cut or no JSON (at character {problem.pos} of {len(text)})") from problem
    except RecursionError as problem:
        raise BadBody("the answer is cut or no JSON (nested too deeply)") from problem
    return json.dumps(rows, ensure_ascii=False).encode("utf-8", errors="replace").decode("utf-8")
