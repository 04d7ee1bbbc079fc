"""A check of one page before it is saved: a complete JSON array, its length and its range of ids.

Rows are not turned into Python objects.
"""

import json
import re
from dataclasses import dataclass

import duckdb

from tracker.database import Connection, connect, rows
from tracker.errors import HubError
from tracker.hub.client import InvalidBody, Response
from tracker.hub.listing import origin

PackingError: type[Exception]
try:
    from isal import igzip_lib
    from isal.isal_zlib import decompressobj

    PackingError = igzip_lib.IsalError  # type: ignore[assignment]  # its stub has an instance
except ImportError:  # no build for this machine; zlib takes four times as long
    from zlib import decompressobj  # type: ignore[assignment]  # the same, with another name of its type
    from zlib import error as PackingError

_SUMMARY_SQL = """
with page as (select json_extract_string($1, '$[*]._id') as ids, json_array_length($1) as row_count)
select
    row_count,
    list_min(list_filter(ids, lambda id: regexp_full_match(id, '[0-9a-f]{24}'))),
    list_max(list_filter(ids, lambda id: regexp_full_match(id, '[0-9a-f]{24}')))
from page
"""
_ID = re.compile("[0-9a-f]{24}")
_FIRST_ID = re.compile(rb'\[{"_id":"([0-9a-f]{24})"')
MAX_PAGE_BYTES = 2**26
"""Largest page after unpacking. Usual pages have 1 to 3 MB."""

_LAST_ROW_CANDIDATES = 40
"""Positions tried as the start of the last row. Base models inside that row start in the same way."""


@dataclass(frozen=True, slots=True)
class PageSummary:
    """Body, length and id range of a page."""

    body: bytes
    """The page as JSON text, as it is saved."""

    rows: int
    lowest_id: str | None
    highest_id: str | None


class PageReader:
    """Summarises pages with one DuckDB connection. Not thread-safe: use one reader per thread."""

    def __init__(self) -> None:
        self._connection: Connection | None = None

    def read(self, response: Response) -> PageSummary:
        """Return a summary of the page. Raises InvalidBody unless it is one complete JSON array."""
        body = unpacked(response)
        return _quick_summary(body) or self._full_summary(_text(body))

    def _full_summary(self, text: str) -> PageSummary:
        """Parse the whole page."""
        if self._connection is None:
            self._connection = connect(config={"threads": 1})
        try:
            [found] = rows(self._connection, _SUMMARY_SQL, [text])
        except duckdb.Error:
            text = _without_lone_surrogates(text)
            [found] = rows(self._connection, _SUMMARY_SQL, [text])
        return PageSummary(text.encode(), *found)


def _quick_summary(body: bytes) -> PageSummary | None:
    """Summarise a regular page by its first and last row; None if it is not regular.

    A cut page has no complete last row. Rows are counted by `createdAt`, which occurs nowhere else on a page.
    """
    first_id = _FIRST_ID.match(body)
    last_row = _last_row(body)
    if first_id is None or last_row is None or not _ID.fullmatch(str(last_row["_id"])) or not _is_valid_text(body):
        return None
    ids = first_id[1].decode(), str(last_row["_id"])
    return PageSummary(body, body.count(b'"createdAt":'), min(ids), max(ids))


def _last_row(body: bytes) -> dict[str, object] | None:
    end = body.rfind(b"]", len(body) - 64)
    if body[end:].strip() != b"]":
        return None
    start = end
    for _ in range(_LAST_ROW_CANDIDATES):
        start = body.rfind(b'{"_id"', 0, start)
        if start < 0:
            return None
        try:
            row: dict[str, object] = json.loads(body[start:end])
        except (ValueError, RecursionError):
            continue
        return row if "createdAt" in row else None  # a base model at the end of a cut page has none
    return None


def _is_valid_text(body: bytes) -> bool:
    """Whether a page is UTF-8 text without escapes that could be half of a surrogate pair."""
    if b"\\" in body and re.search(rb"\\u[dD]", body):
        return False
    return body.isascii() or bool(_text(body))


def unpacked(response: Response) -> bytes:
    """Return the body without its compression. Raises InvalidBody if it is cut, HubError if it is too large."""
    if response.encoding == "":
        return response.body
    if response.encoding != "gzip":
        raise InvalidBody(f"the answer is packed as {response.encoding!r}, which was not requested")
    unpacker = decompressobj(wbits=31)
    try:
        body = unpacker.decompress(response.body, MAX_PAGE_BYTES + 1)
    except PackingError as problem:
        raise InvalidBody("the answer was cut or could not be unpacked") from problem
    if len(body) > MAX_PAGE_BYTES:
        raise HubError(
            f"{origin(response.url)} sent a page that unpacks to more than {MAX_PAGE_BYTES // 2**20} MB; it was not "
            "read. Check HF_ENDPOINT and the network's proxy. Pages read so far are saved."
        )
    if not unpacker.eof:
        raise InvalidBody("the answer was cut or could not be unpacked")
    return bytes(body)


def _text(body: bytes) -> str:
    try:
        text = body.decode("utf-8")
    except UnicodeDecodeError as problem:
        raise InvalidBody("the answer is not UTF-8 text") from problem
    if not text[:64].lstrip().startswith("["):
        raise InvalidBody(f"the answer is not a list but {text.strip()[:80]!r}")
    return text


def _without_lone_surrogates(text: str) -> str:
    """Replace halves of surrogate pairs, which JavaScript accepts and strict JSON parsers refuse.

    Raises InvalidBody if the text is not JSON, for example because it was cut.
    """
    try:
        rows = json.loads(text)
    except json.JSONDecodeError as problem:
        raise InvalidBody(f"the answer is cut or no JSON (at character {problem.pos} of {len(text)})") from problem
    except RecursionError as problem:
        raise InvalidBody("the answer is cut or no JSON (nested too deeply)") from problem
    return json.dumps(rows, ensure_ascii=False).encode("utf-8", errors="replace").decode("utf-8")
