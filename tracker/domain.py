"""Scopes, pages and manifests. Models are never Python objects."""

from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import NewType

HubId = NewType("HubId", str)
"""The Hub's `_id`: 24 hex digits, the first 8 are the second of creation. Names change, this does not."""

RepoId = NewType("RepoId", str)
"""A repository's name, `owner/name`; older repositories have no owner."""


class Scope(StrEnum):
    """Part of the Hub that one crawl reads."""

    LABS = "labs"
    FAMILIES = "families"
    HUB = "hub"


CRAWL = "crawl"
"""Source of the days that this tracker crawled itself."""


class Source(StrEnum):
    """Sources of imported history."""

    MODEL_PULSE = "model-pulse"
    HUB_WEEKLY = "hub-weekly"
    HUB_STATS = "hub-stats"
    FILE = "file"


class Axis(StrEnum):
    """Rulers that are read besides the Hub's downloads."""

    OPENROUTER = "openrouter"
    MODELSCOPE = "modelscope"
    PROVIDERS = "providers"


HUB_AXIS = "huggingface"
"""The ruler of the Hub's downloads, in tables that hold several rulers."""


@dataclass(frozen=True, slots=True)
class Page:
    """One saved page of the list route."""

    walk: str
    """Walk of the page, such as `author=Qwen` or `oldest-first`."""

    number: int
    """Position in its walk, from 0."""

    url: str
    next_url: str | None
    """Next page according to the Hub; None on the last page."""

    file: str
    """Name of the file in the run folder."""

    rows: int
    first_id: str | None
    """The lowest `_id`."""

    last_id: str | None
    """The highest `_id`."""

    read_at: datetime
    """The Hub's clock at the response (its `Date` header), else this machine's."""

    attempts: int
    """Requests for this page, with retries."""

    is_simulated: bool
    """The Hub declares itself a simulation."""


@dataclass(frozen=True, slots=True)
class LakeFile:
    """One Parquet file of a crawl in the lake."""

    path: str
    """Relative to the lake, such as `model_days/day=2026-08-19/hub.parquet`."""

    rows: int
    bytes: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Manifest:
    """Record of one crawl: options, counts and files. Written last; without it the files of a crawl do not count.

    An imported day has one too. Its scope is the name of its source, or `file-<name>` for a file.
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
    """Repositories in the listing; a repository that another scope already has on this day keeps that row."""

    duplicates: int
    refused: int
    refused_because: dict[str, int]
    """Reason -> refused rows."""

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
    """Imported rows whose name matches no repository in the lake; they have the key `name:<repo_id>`."""

    is_tracked_only: bool = False
    """Unmatched rows were skipped (`--only-tracked`)."""

    told: dict[str, int] = field(default_factory=dict)
    """Field of the Hub -> repositories in the listing that have it; empty for an import."""

    @property
    def is_recorded(self) -> bool:
        """Whether a recorded listing was served from this machine, as `crawls.is_recorded`: a selection of the Hub."""
        return not self.is_simulated and self.endpoint.startswith("http://127.0.0.1")
