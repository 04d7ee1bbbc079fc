"""Client for one dataset on the Hub, built on huggingface_hub. Raises the errors of this program."""

import random
import re
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from itertools import islice
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
)

from tracker.errors import DataError, HubError
from tracker.hub.client import hub_token
from tracker.hub.rate_limit import check_wait
from tracker.hub.retry import (
    RETRIED_STATUSES,
    RetryableError,
    network_reason,
    requested_wait_seconds,
    seconds_before_retry,
)
from tracker.version import VERSION

T = TypeVar("T")

_TIMEOUT_SECONDS = 60.0
_CONNECT_SECONDS = 10.0
_MAX_ATTEMPTS = 4
_MAX_FILES = 500_000
_REPORTED_WAIT_SECONDS = 5.0

_REVISION = re.compile("[0-9a-f]{7,64}")


class NotFound(Exception):
    """A revision, or a file at a revision, does not exist any more."""


@dataclass(frozen=True, slots=True)
class StoredFile:
    """A file of a dataset."""

    path: str
    oid: str
    size: int
    committed_at: datetime | None
    """Time of the commit that wrote it; None if not requested."""

    sha256: str | None = None
    """SHA-256 of the content; known for large files only."""


@dataclass(frozen=True, slots=True)
class Commit:
    """A commit of a dataset."""

    oid: str
    title: str
    at: datetime


@dataclass(frozen=True, slots=True)
class ErrorTexts:
    """Parts of error messages that depend on what the dataset is used for."""

    verb: str
    nothing: str
    """Sentence: what was not done."""

    again: str
    """Sentence: what to do next, and what is not lost."""

    missing: str = ""
    """Advice if the dataset does not exist."""

    refused: str = "A private one needs HF_TOKEN."
    """Advice if the Hub refuses access."""


IMPORT_ERRORS = ErrorTexts(
    "import",
    "Nothing of it was imported.",
    "Run the same command again; imported days are not downloaded again.",
)


class DatasetClient:
    """Client of one dataset at one endpoint. Use it as a context manager, which closes its connections."""

    def __init__(
        self,
        repo_id: str,
        endpoint: str,
        sleep: Callable[[float], None] = time.sleep,
        purpose: ErrorTexts = IMPORT_ERRORS,
        jitter: Callable[[], float] = random.random,
        report: Callable[[str], None] = lambda text: None,
    ) -> None:
        self.repo_id, self.endpoint = repo_id, endpoint
        self._sleep, self._purpose, self._jitter, self._report = sleep, purpose, jitter, report
        self._api = HfApi(endpoint=endpoint, library_name="open-model-tracker", library_version=VERSION)
        self._files = HfFileSystem(endpoint=endpoint, skip_instance_cache=True)

    def __enter__(self) -> Self:
        """Set a timeout for every request and fetch the token, which may need an exchange. Raises HubError."""
        disable_progress_bars()
        huggingface_hub.set_client_factory(partial(_client_with_timeout, self._report))
        hub_token()
        return self

    def __exit__(self, *error: object) -> None:
        """Close."""
        huggingface_hub.close_session()
        huggingface_hub.set_client_factory(_default_client)

    def head(self) -> tuple[str, bool]:
        """Return the latest revision, and whether this Hub is a simulation."""
        url = f"{self.endpoint}/api/datasets/{self.repo_id}"

        def request() -> tuple[str, bool]:
            headers = build_hf_headers(library_name="open-model-tracker", library_version=VERSION)
            response = get_session().get(url, headers=headers)
            hf_raise_for_status(response)
            try:
                revision = str(response.json()["sha"])
                if not _REVISION.fullmatch(revision):
                    raise ValueError("its revision is no commit")
                return revision, response.headers.get("x-simulated") == "true"
            except (ValueError, KeyError, TypeError, RecursionError) as problem:
                raise HubError(f"{url} does not answer as the Hub does ({type(problem).__name__}).") from problem

        return self._with_retries(request)

    def files(self, folder: str, revision: str, *, dated: bool = False) -> list[StoredFile]:
        """Return all files below a folder. `dated` adds the time of the commit that wrote each."""

        def request() -> list[StoredFile]:
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
                for entry in islice(entries, _MAX_FILES)
                if isinstance(entry, huggingface_hub.hf_api.RepoFile)
            ]

        return self._with_retries(request, missing=f"the folder {folder}")

    def file(self, path: str, revision: str) -> StoredFile:
        """Return one file at a revision. Raises NotFound."""

        def request() -> StoredFile:
            try:
                found = self._api.get_paths_info(self.repo_id, path, revision=revision, repo_type="dataset")
            except (RevisionNotFoundError, EntryNotFoundError) as problem:
                raise NotFound from problem
            for entry in found:
                if isinstance(entry, huggingface_hub.hf_api.RepoFile):
                    return StoredFile(
                        entry.path, entry.blob_id, entry.size, None, entry.lfs.sha256 if entry.lfs else None
                    )
            raise NotFound

        return self._with_retries(request)

    def commits(self) -> list[Commit]:
        """Return the commits of the dataset, newest first."""

        def request() -> list[Commit]:
            commits = self._api.list_repo_commits(self.repo_id, repo_type="dataset")
            return [Commit(commit.commit_id, commit.title, commit.created_at.astimezone(UTC)) for commit in commits]

        return self._with_retries(request)

    def download(self, path: str, revision: str, folder: Path) -> Path:
        """Download a whole file into `folder` and return its path. An interrupted download is resumed."""

        def request() -> Path:
            try:
                file = self._api.hf_hub_download(
                    self.repo_id, path, repo_type="dataset", revision=revision, local_dir=folder
                )
            except OSError as problem:
                if "Consistency check failed" in str(problem):  # fewer bytes than announced
                    raise RetryableError("an answer was cut") from problem
                raise
            return Path(file)

        return self._with_retries(request, missing=path)

    def footer(self, path: str, revision: str, size: int) -> pq.FileMetaData:
        """Return columns and statistics of a Parquet file. Downloads only its footer. Raises NotFound."""

        def request() -> pq.FileMetaData:
            with self._opened(path, revision, size) as file:
                return pq.ParquetFile(file).metadata

        return self._with_retries(request)

    def columns(self, path: str, revision: str, size: int, names: Sequence[str]) -> Iterator[pa.Table]:
        """Yield those of the named columns that a Parquet file has, one row group at a time. Raises NotFound.

        Downloads only these columns and the footer.
        """
        with self._translated_errors(), self._opened(path, revision, size) as file:
            parquet = pq.ParquetFile(file, pre_buffer=True)
            present = [name for name in names if name in parquet.schema_arrow.names]
            for group in range(parquet.num_row_groups):
                yield parquet.read_row_group(group, columns=present)

    @contextmanager
    def _opened(self, path: str, revision: str, size: int) -> Iterator[Any]:
        """Open a remote file that downloads exactly the bytes that are read."""
        where = f"datasets/{self.repo_id}/{path}"
        try:
            with self._files.open(where, "rb", revision=revision, size=size, cache_type="none") as file:
                yield file
        except (FileNotFoundError, RevisionNotFoundError, EntryNotFoundError) as problem:
            raise NotFound(f"{path} at {revision}") from problem

    def _with_retries(self, request: Callable[[], T], missing: str = "") -> T:
        """Return the result of `request`, which is repeated after a wait while the Hub is busy."""
        for attempt in range(1, _MAX_ATTEMPTS + 1):
            try:
                with self._translated_errors(missing):
                    return request()
            except RetryableError as error:
                if attempt == _MAX_ATTEMPTS:
                    raise HubError(
                        f"{self.endpoint} is too busy for {self.repo_id} ({error}). {self._purpose.again}"
                    ) from error
                self._sleep(seconds_before_retry(error, attempt, self._jitter()))
        raise AssertionError("the last attempt returns or raises")

    @contextmanager
    def _translated_errors(self, missing: str = "") -> Iterator[None]:
        """Turn the errors of huggingface_hub into errors of this program."""
        name = f"the dataset {self.repo_id} at {self.endpoint}"
        purpose = self._purpose
        try:
            yield
        except OfflineModeIsEnabled as problem:
            raise HubError(
                f"HF_HUB_OFFLINE is set, so no request was sent to {name}. Unset it to {purpose.verb}."
            ) from problem
        except GatedRepoError as problem:
            raise HubError(f"{name} is gated: accept its terms on its page, and set HF_TOKEN.") from problem
        except EntryNotFoundError as problem:
            if isinstance(problem, LocalEntryNotFoundError):
                raise HubError(
                    f"{name} could not be reached ({_root(problem)}). {_advice(problem)}{purpose.again}"
                ) from problem
            raise DataError(f"{name} no longer has {missing or 'this file'}. {purpose.nothing}") from problem
        except RepositoryNotFoundError as problem:
            raise HubError(f"{name} {_NO_ACCESS}. {purpose.missing or purpose.nothing}") from problem
        except HfHubHTTPError as problem:
            raise _status_error(problem, name, purpose) from problem
        except pa.ArrowException as problem:
            raise DataError(f"{name} has a damaged file ({problem}). {purpose.nothing}") from problem
        except (httpx.HTTPError, ConnectionError, TimeoutError) as problem:
            raise HubError(
                f"{name} could not be reached ({_root(problem)}). {_advice(problem)}{purpose.again}"
            ) from problem


_REFUSED_TOKEN = (
    "The Hub did not accept the token, which may have expired or been revoked: "
    "make a new one in the Hub's settings and set HF_TOKEN, or run `hf auth login`."
)
_NO_ACCESS = "does not exist, or you have no access to it"


def _status_error(problem: HfHubHTTPError, name: str, purpose: ErrorTexts) -> Exception:
    status = problem.response.status_code
    if status in RETRIED_STATUSES:
        return RetryableError(f"status {status}", requested_wait_seconds(problem.response.headers))
    if status == 401 and "authorization" in problem.response.request.headers:
        return HubError(f"{name} {_NO_ACCESS} (status 401). {_REFUSED_TOKEN}")
    if status in (401, 403):
        return HubError(f"{name} {_NO_ACCESS} (status {status}). {purpose.refused}")
    return HubError(f"{name} answers with status {status}. {purpose.again}")


def _causes(problem: BaseException) -> Iterator[BaseException]:
    """An error and what caused it, the first cause last."""
    found: BaseException | None = problem
    while found is not None:
        yield found
        found = found.__cause__ or found.__context__


def _root(problem: BaseException) -> str:
    """The first cause in words, else its text in one line."""
    *_, first = _causes(problem)
    reason = network_reason(first)
    return reason if reason != type(first).__name__ else f"{reason}: {first}".split("\n")[0][:200]


def _advice(problem: BaseException) -> str:
    """What to check if no connection could be made."""
    is_unconnected = any(isinstance(each, httpx.ConnectError | httpx.ConnectTimeout) for each in _causes(problem))
    return "Check the network, and HF_ENDPOINT if you use a mirror. " if is_unconnected else ""


def _default_client() -> Any:
    return huggingface_hub.utils._http.default_client_factory()


def _client_with_timeout(report: Callable[[str], None]) -> Any:
    """huggingface_hub's own client with a timeout on every request, also where it sets none.

    It reports the waits that the Hub requests, because huggingface_hub would sleep without a word.
    """
    client = _default_client()

    def set_timeout(request: Any) -> None:
        request.extensions["timeout"] = httpx.Timeout(_TIMEOUT_SECONDS, connect=_CONNECT_SECONDS).as_dict()

    def check_requested_wait(response: Any) -> None:
        seconds = requested_wait_seconds(response.headers) if response.status_code in RETRIED_STATUSES else None
        check_wait(seconds or 0.0)  # huggingface_hub itself would sleep however long
        if seconds is not None and seconds >= _REPORTED_WAIT_SECONDS:
            report(f"{response.url.host} requests a pause of {seconds:,.0f} s (status {response.status_code}).")

    hooks = client.event_hooks
    client.event_hooks = {
        **hooks,
        "request": [*hooks["request"], set_timeout],
        "response": [*hooks["response"], check_requested_wait],
    }
    return client
