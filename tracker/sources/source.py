"""The interface of a source: what it is, what a reading of it gives, and how it sends requests."""

import hashlib
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from typing import Any, Protocol, TypeVar

import pyarrow as pa

from tracker.domain import Axis
from tracker.errors import DataError
from tracker.hub.client import HubClient, InvalidBody, Response
from tracker.hub.listing import next_url
from tracker.hub.page import unpacked
from tracker.lake.axis_days import AxisManifest

T = TypeVar("T")

MOST_REFUSED_SHARE = 0.1
"""With more refused rows than this, nothing of a reading is used: the format has changed."""


@dataclass(frozen=True, slots=True)
class About:
    """What a source is."""

    axis: Axis
    title: str
    unit: str
    """What one of `value` is, such as `tokens a day`."""

    asks: str
    """Which routes are requested."""

    returns: str
    """What comes back."""

    refuses: str
    """Which answers are refused."""

    licence: str
    licence_url: str
    attribution: str
    """The credit line, unless a reading brings its own."""


@dataclass(frozen=True, slots=True)
class Reading:
    """What was read: rows of `axis_days.SCHEMA`, and under which terms."""

    rows: pa.Table
    revision: str
    licence: str
    licence_url: str
    attribution: str
    refused_because: dict[str, int] = field(default_factory=dict)


class Source(Protocol):
    """One ruler."""

    about: About
    clients: Sequence[HubClient]
    """The clients that it sends requests with."""

    def read(self, pages: "Pages", day: date, past: Sequence[AxisManifest]) -> Reading:
        """Read what the source has on `day`; `past` are its earlier readings.

        Raises HubError if it cannot be reached or refuses, DataError if it sends what cannot be used.
        """
        ...


class Pages:
    """The answers of one reading, saved in a folder, so that an interrupted reading does not repeat requests."""

    def __init__(self, folder: Path, check: Callable[[Response], None]) -> None:
        """`check` is called with each new response before it is saved."""
        self._folder, self._check = folder, check
        self.read_at: datetime | None = None
        """Time of the latest response, by the server's clock."""
        self.is_simulated = False

    def get(self, client: HubClient, url: str, read: Callable[[bytes], T]) -> T:
        """Return what `read` makes of the body at `url`, saved or requested. `read` may raise InvalidBody."""
        return self._get(client, url, read)[0]

    def get_linked(self, client: HubClient, url: str, read: Callable[[bytes], T]) -> tuple[T, str | None]:
        """The same, and the address of the next page that a Link header gives; None on the last page."""
        found, link = self._get(client, url, read)
        return found, next_url(link, url)

    def _get(self, client: HubClient, url: str, read: Callable[[bytes], T]) -> tuple[T, str | None]:
        path = self._folder / hashlib.sha256(url.encode()).hexdigest()[:32]
        if path.exists():
            head, _, body = path.read_bytes().partition(b"\n")
            saved = json.loads(head)
            self._note(datetime.fromisoformat(saved["read_at"]), is_simulated=saved["is_simulated"])
            return read(body), saved["link"]

        def checked(response: Response) -> tuple[Response, bytes, T]:
            body = unpacked(response)
            return response, body, read(body)

        response, body, found = client.fetch(url, checked)
        self._check(response)
        self._save(path, response, body)
        self._note(response.read_at, is_simulated=response.is_simulated)
        return found, response.link

    def _note(self, read_at: datetime, *, is_simulated: bool) -> None:
        self.read_at = max(read_at, self.read_at or read_at)
        self.is_simulated |= is_simulated

    def _save(self, path: Path, response: Response, body: bytes) -> None:
        head = {
            "url": response.url,
            "link": response.link,
            "read_at": response.read_at.isoformat(),
            "is_simulated": response.is_simulated,
        }
        self._folder.mkdir(parents=True, exist_ok=True)
        temporary = path.with_suffix(".new")
        temporary.write_bytes(json.dumps(head).encode() + b"\n" + body)
        temporary.replace(path)


def json_object(body: bytes) -> dict[str, Any]:
    """Parse a JSON object. Raises InvalidBody for anything else, so that the request is sent again."""
    try:
        found = json.loads(body)
    except (ValueError, RecursionError) as problem:
        raise InvalidBody("the answer is cut or no JSON") from problem
    if not isinstance(found, dict):
        raise InvalidBody(f"the answer is not an object but {body[:80].decode(errors='replace')!r}")
    return found


def whole_number(value: object, most: int) -> int | None:
    """Return a count between 0 and `most`, also if it was sent as text; None for anything else."""
    if isinstance(value, str) and value.isascii() and value.isdigit() and len(value) <= 20:
        value = int(value)
    if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value <= most:
        return None
    return value


def refuse_changed_format(what: str, rows: int, refused_because: dict[str, int]) -> None:
    """Raise DataError if more than a tenth of the rows cannot be used."""
    refused = sum(refused_because.values())
    if refused > MOST_REFUSED_SHARE * rows:
        reason = max(refused_because, key=lambda name: refused_because[name])
        raise DataError(
            f"{refused:,} of {rows:,} rows of {what} cannot be used, most because {reason}. Its format may have "
            "changed: look for a newer version of this program. Nothing was added to the lake."
        )
