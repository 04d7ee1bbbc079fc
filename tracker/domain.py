"""The few things that are Python objects: scopes, pages, manifests. Models never are."""

from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import NewType

HubId = NewType("HubId", str)
"""The Hub's `_id`: 24 hex digits, the first 8 are the second of creation. Names change, this does not."""

RepoId = NewType("RepoId", str)
"""A repository's name, `owner/name`; older repositories have no owner."""


class Scope(StrEnum):
    """How much of the Hub one crawl reads."""

    LABS = "labs"
    FAMILIES = "families"
    HUB = "hub"


CRAWL = "crawl"
"""The source of what this tracker read itself."""


class Source(StrEnum):
    """Where history can be imported from."""

    MODEL_PULSE = "model-pulse"
    HUB_WEEKLY = "hub-weekly"
    HUB_STATS = "hub-stats"
    FILE = "file"


@dataclass(frozen=True, slots=True)
class Page:
    """One saved answer of the list route."""

    walk: str
    """The walk it belongs to, such as `author=Qwen` or `oldest-first`."""

    number: int
    """Position in its walk, from 0."""

    url: str
    next_url: str | None
    """Where the Hub says the listing goes on; None on the last page."""

    file: str
    """Name of the file beside the journal."""

    rows: int
    first_id: str | None
    """The lowest `_id`."""

    last_id: str | None
    """The highest `_id`."""

    read_at: datetime
    """The Hub's clock when it answered (its `Date` header), else ours."""

    attempts: int
    """Requests it took, retries included."""

    is_simulated: bool
    """The Hub says that it is a simulation."""


@dataclass(frozen=True, slots=True)
class LakeFile:
    """One Parquet file that a crawl put into the lake."""

    path: str
    """Relative to the lake, such as `model_days/day=2026-08-19/hub.parquet`."""

    rows: int
    bytes: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Manifest:
    """What one crawl asked for, got, refused and landed. Written last: without it a crawl has not landed.

    An imported day has one too; its scope is the name of its source, for a file `file-<name>`.
    """

    crawl: str
    """`<day>-<scope>`, the name of the manifest and of the crawl's files."""

    day: date
    scope: str
    families: tuple[str, ...]
    source: str
    endpoint: str
    started_at: datetime
    ended_at: datetime
    seconds: float
    """Wall time spent crawling, summed over interrupted runs."""

    requests: int
    pages: int
    rows_read: int
    models: int
    """Repositories in the listing; a repository that another scope landed before on this day keeps that row."""

    duplicates: int
    refused: int
    refused_because: dict[str, int]
    """Reason -> rows set aside for it."""

    refused_examples: tuple[str, ...]
    new_models: int
    changed_models: int
    is_complete: bool
    incomplete_because: str | None
    is_simulated: bool
    program_version: str
    registry_version: str
    files: tuple[LakeFile, ...] = field(default=())
    unmatched: int = 0
    """Imported rows whose name belongs to no repository the lake knows; they have the key `name:<repo_id>`."""

    is_tracked_only: bool = False
    """Unmatched rows were left out, as the import was told to."""

    told: dict[str, int] = field(default_factory=dict)
    """Field of the Hub -> repositories of the listing of which it was told; empty for an import."""
