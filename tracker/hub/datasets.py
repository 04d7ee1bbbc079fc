"""A dataset on the Hub, read through huggingface_hub; every refusal becomes a sentence."""

import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Self, TypeVar

import huggingface_hub
import pyarrow as pa
import pyarrow.parquet as pq
from huggingface_hub import HfApi, HfFileSystem
from huggingface_hub.errors import (
    EntryNotFoundError,
    GatedRepoError,
    HfHubHTTPError,
    LocalEntryNotFoundError,
    OfflineModeIsEnabled,
    RepositoryNotFoundError,
    RevisionNotFoundError,
)
from huggingface_hub.utils import (  # type: ignore[attr-defined]  # exported, but lazily
    build_hf_headers,
    disable_progress_bars,
    get_session,
    hf_raise_for_status,
    httpx,
    parse_ratelimit_headers,
)

from tracker.errors import DataError, HubError
from tracker.hub.client import hub_token
from tracker.version import VERSION

T = TypeVar("T")

_SECONDS_OF_SILENCE = 60.0
_ATTEMPTS = 4
_PASSING = {408, 429, 500, 502, 503, 504}
_LONGEST_WAIT = 330.0
"""Seconds; a little more than the Hub's window."""


class NotFound(Exception):
    """A revision, or a file at it, is no longer to be had."""


@dataclass(frozen=True, slots=True)
class StoredFile:
    """A file of a dataset."""

    path: str
    oid: str
    size: int
    committed_at: datetime | None
    """When it got its content, if that was asked."""

    sha256: str | None = None
    """Of the content, known for large files."""


@dataclass(frozen=True, slots=True)
class Commit:
    """A commit of a dataset."""

    oid: str
    title: str
    at: datetime


@dataclass(frozen=True, slots=True)
class ErrorTexts:
    """What a dataset is asked for, in the words of its errors."""

    verb: str
    nothing: str
    """What has not been done when it fails."""

    again: str
    """What to do, and what is not lost."""

    missing: str = ""
    """What to do if there is no such dataset."""

    refused: str = "A private one needs HF_TOKEN."
    """What to do if the Hub refuses."""


IMPORT_ERRORS = ErrorTexts(
    "import",
    "Nothing of it was imported.",
    "Run the same command again; what has landed is not fetched again.",
)


class DatasetClient:
    """One dataset at one endpoint. A context manager; leaving it closes the connections."""

    def __init__(
        self,
        repo_id: str,
        endpoint: str,
        sleep: Callable[[float], None] = time.sleep,
        purpose: ErrorTexts = IMPORT_ERRORS,
    ) -> None:
        self.repo_id, self.endpoint = repo_id, endpoint
        self._sleep, self._purpose = sleep, purpose
        self._api = HfApi(endpoint=endpoint, library_name="open-model-tracker", library_version=VERSION)
        self._files = HfFileSystem(endpoint=endpoint, skip_instance_cache=True)

    def __enter__(self) -> Self:
        """Gives up on a silent Hub after a minute: the client itself would wait for ever. Raises HubError.

        The token, which may have to be exchanged, is had before anything is asked with it.
        """
        disable_progress_bars()
        huggingface_hub.set_client_factory(_impatient_client)
        hub_token()
        return self

    def __exit__(self, *error: object) -> None:
        """Close."""
        huggingface_hub.close_session()
        huggingface_hub.set_client_factory(_default_client)

    def head(self) -> tuple[str, bool]:
        """The latest revision, and whether this Hub is a simulation. The first thing asked, and asked once."""
        url = f"{self.endpoint}/api/datasets/{self.repo_id}"

        def ask() -> tuple[str, bool]:
            headers = build_hf_headers(library_name="open-model-tracker", library_version=VERSION)
            response = get_session().get(url, headers=headers)
            hf_raise_for_status(response)
            try:
                return str(response.json()["sha"]), response.headers.get("x-simulated") == "true"
            except (ValueError, KeyError, TypeError) as problem:
                raise HubError(f"{url} does not answer as the Hub does ({type(problem).__name__}).") from problem

        return self._asked(ask)

    def files(self, folder: str, revision: str, *, dated: bool = False) -> list[StoredFile]:
        """All files below a folder; with the time of the commit that wrote each, if `dated`."""

        def ask() -> list[StoredFile]:
            entries = self._api.list_repo_tree(
                self.repo_id, folder, recursive=True, expand=dated, revision=revision, repo_type="dataset"
            )
            return [
                StoredFile(
                    entry.path,
                    entry.blob_id,
                    entry.size,
                    entry.last_commit.date if entry.last_commit else None,
                    entry.lfs.sha256 if entry.lfs else None,
                )
                for entry in entries
                if isinstance(entry, huggingface_hub.hf_api.RepoFile)
            ]

        return self._asked(ask, missing=f"the folder {folder}")

    def file(self, path: str, revision: str) -> StoredFile:
        """One file as it stood at a revision. Raises Gone."""

        def ask() -> StoredFile:
            try:
                found = self._api.get_paths_info(self.repo_id, path, revision=revision, repo_type="dataset")
            except (RevisionNotFoundError, EntryNotFoundError) as problem:
                raise NotFound from problem
            for entry in found:
                if isinstance(entry, huggingface_hub.hf_api.RepoFile):
                    return StoredFile(entry.path, entry.blob_id, entry.size, None)
            raise NotFound

        return self._asked(ask)

    def commits(self) -> list[Commit]:
        """The history of the dataset, newest first."""

        def ask() -> list[Commit]:
            commits = self._api.list_repo_commits(self.repo_id, repo_type="dataset")
            return [Commit(commit.commit_id, commit.title, commit.created_at.astimezone(UTC)) for commit in commits]

        return self._asked(ask)

    def download(self, path: str, revision: str, folder: Path) -> Path:
        """A whole file, below `folder`; what an interrupted run has got of it is not fetched again."""

        def ask() -> Path:
            try:
                file = self._api.hf_hub_download(
                    self.repo_id, path, repo_type="dataset", revision=revision, local_dir=folder
                )
            except OSError as problem:
                if "Consistency check failed" in str(problem):  # fewer bytes than announced, in the client's words
                    raise _Busy("an answer was cut", None) from problem
                raise
            return Path(file)

        return self._asked(ask, missing=path)

    def schema(self, path: str, revision: str, size: int) -> pa.Schema:
        """The columns of a Parquet file: of it only the end is read. Raises Gone."""

        def ask() -> pa.Schema:
            with self._opened(path, revision, size) as file:
                return pq.ParquetFile(file).schema_arrow

        return self._asked(ask)

    def columns(self, path: str, revision: str, size: int, names: Sequence[str]) -> Iterator[pa.Table]:
        """Those of some columns that a Parquet file has, one row group at a time. Raises Gone.

        Of the file nothing else is fetched but its end.
        """
        with self._speaking(), self._opened(path, revision, size) as file:
            parquet = pq.ParquetFile(file, pre_buffer=True)
            held = [name for name in names if name in parquet.schema_arrow.names]
            for group in range(parquet.num_row_groups):
                yield parquet.read_row_group(group, columns=held)

    @contextmanager
    def _opened(self, path: str, revision: str, size: int) -> Iterator[Any]:
        """A remote file that fetches what is read of it and not a byte ahead."""
        where = f"datasets/{self.repo_id}/{path}"
        try:
            with self._files.open(where, "rb", revision=revision, size=size, cache_type="none") as file:
                yield file
        except (FileNotFoundError, RevisionNotFoundError, EntryNotFoundError) as problem:
            raise NotFound(f"{path} at {revision}") from problem

    def _asked(self, ask: Callable[[], T], missing: str = "") -> T:
        """The answer to a question; again, after a wait, where the Hub is busy and its client would give up."""
        for attempt in range(1, _ATTEMPTS + 1):
            try:
                with self._speaking(missing):
                    return ask()
            except _Busy as busy:
                if attempt == _ATTEMPTS:
                    raise HubError(
                        f"{self.endpoint} is too busy for {self.repo_id} ({busy}). {self._purpose.again}"
                    ) from busy
                self._sleep(busy.seconds if busy.seconds is not None else float(2**attempt))
        raise AssertionError("the last attempt returns or raises")

    @contextmanager
    def _speaking(self, missing: str = "") -> Iterator[None]:
        """Turns what the client raises into our errors."""
        name = f"the dataset {self.repo_id} at {self.endpoint}"
        purpose = self._purpose
        try:
            yield
        except OfflineModeIsEnabled as problem:
            raise HubError(f"HF_HUB_OFFLINE is set, so {name} was not asked. Unset it to {purpose.verb}.") from problem
        except GatedRepoError as problem:
            raise HubError(f"{name} asks for a consent: give it on its page, and set HF_TOKEN.") from problem
        except EntryNotFoundError as problem:
            if isinstance(problem, LocalEntryNotFoundError):
                raise HubError(f"{name} could not be reached ({_root(problem)}). {purpose.again}") from problem
            raise DataError(f"{name} has no {missing or 'such file'} any more. {purpose.nothing}") from problem
        except RepositoryNotFoundError as problem:
            advice = purpose.missing or purpose.nothing
            raise HubError(f"{name} is not there, or not open to you. {advice}") from problem
        except HfHubHTTPError as problem:
            raise _refusal(problem, name, purpose) from problem
        except pa.ArrowException as problem:
            raise DataError(f"{name} has a damaged file ({problem}). {purpose.nothing}") from problem
        except (httpx.HTTPError, ConnectionError, TimeoutError) as problem:
            raise HubError(f"{name} could not be reached ({_root(problem)}). {purpose.again}") from problem


class _Busy(Exception):
    """The Hub will answer later; `seconds` is when, if it says."""

    def __init__(self, text: str, seconds: float | None) -> None:
        super().__init__(text)
        self.seconds = seconds


def _refusal(problem: HfHubHTTPError, name: str, purpose: ErrorTexts) -> Exception:
    status = problem.response.status_code
    if status in _PASSING:
        return _Busy(f"status {status}", _wait(problem.response.headers))
    if status in (401, 403):
        return HubError(f"{name} is not there, or not open to you (status {status}). {purpose.refused}")
    return HubError(f"{name} answers with status {status}. {purpose.again}")


def _wait(headers: Any) -> float | None:
    told = parse_ratelimit_headers(headers)
    if told is not None and told.remaining == 0:
        return min(float(told.reset_in_seconds) + 1, _LONGEST_WAIT)
    after = headers.get("retry-after", "")
    return min(float(after), _LONGEST_WAIT) if after.isdecimal() else None


def _root(problem: BaseException) -> str:
    """The first cause, in a word or two."""
    while problem.__cause__ is not None or problem.__context__ is not None:
        problem = problem.__cause__ or problem.__context__ or problem
    return f"{type(problem).__name__}: {problem}".split("\n")[0][:200]


def _default_client() -> Any:
    return huggingface_hub.utils._http.default_client_factory()


def _impatient_client() -> Any:
    """The client's own, with a limit of silence on every request, also where it asks for none."""
    client = _default_client()

    def limit(request: Any) -> None:
        request.extensions["timeout"] = httpx.Timeout(_SECONDS_OF_SILENCE).as_dict()

    client.event_hooks = {**client.event_hooks, "request": [*client.event_hooks["request"], limit]}
    return client
