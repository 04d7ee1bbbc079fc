"""Read the dataset on the Hub, and commit to it."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path
from typing import Any

from huggingface_hub import CommitOperationAdd, CommitOperationDelete
from huggingface_hub.errors import EntryNotFoundError, HfHubHTTPError
from huggingface_hub.utils.sha import git_hash

from tracker.domain import Manifest
from tracker.errors import DataError, HubError
from tracker.hub.datasets import DatasetClient, ErrorTexts, StoredFile
from tracker.lake.lake import parse_manifest, sha256_and_size
from tracker.publish.layout import CRAWLS
from tracker.publish.validation import MAX_MANIFEST_CHARS, MAX_MANIFESTS_BYTES, check_manifests

_CONFLICTS = {409, 412}
_WRITE = "Check that HF_TOKEN is valid and may write there, or run `hf auth login`."

PULL_TEXTS = ErrorTexts(
    "pull", "Nothing was pulled.", "Run the same command again; crawls that have landed are not fetched again."
)


def publish_texts(repo_id: str, *, creates_later: bool = False) -> ErrorTexts:
    """Return the texts for errors of a publish; with `creates_later`, of a dry run with --create."""
    creation = "Without --dry-run it is created, and gets all that the home holds."
    return ErrorTexts(
        "publish",
        "Nothing was published.",
        "The dataset is intact. Run the same command again; uploaded files are not sent again.",
        creation if creates_later else f"`tracker publish {repo_id} --create` creates it.",
        _WRITE,
    )


class DatasetChanged(Exception):
    """Another commit was made since the state was read."""


@dataclass(frozen=True, slots=True)
class DatasetState:
    """Content of the dataset at a revision."""

    revision: str
    is_simulated_hub: bool
    files: Mapping[str, StoredFile] = field(default_factory=dict)
    """By path."""

    manifests: tuple[Manifest, ...] = ()

    @property
    def crawls(self) -> dict[str, Manifest]:
        """Its manifests by crawl."""
        return {manifest.crawl: manifest for manifest in self.manifests}


def has_content(stored: StoredFile, content: Path | bytes) -> bool:
    """Return whether a file of the dataset has this content, by its checksum."""
    if stored.sha256 is None:
        return stored.oid == git_hash(content if isinstance(content, bytes) else content.read_bytes())
    if isinstance(content, bytes):
        return stored.sha256 == hashlib.sha256(content).hexdigest()
    return (stored.sha256, stored.size) == sha256_and_size(content)


class Dataset(DatasetClient):
    """A dataset that can also be written."""

    def __init__(self, repo_id: str, endpoint: str, *, today: date | None = None, **more: Any) -> None:
        """Crawls of days after `today` are refused; the rest is as in `DatasetClient`."""
        super().__init__(repo_id, endpoint, **more)
        self._today = today

    def state(self, folder: Path) -> DatasetState:
        """Read the current state; downloads go to `folder`. Raises DataError if the manifests cannot be read."""
        revision, is_simulated = self.head()
        found = DatasetState(revision, is_simulated, {file.path: file for file in self.files("", revision)})
        return replace(found, manifests=self._manifests(found, folder)) if CRAWLS in found.files else found

    def _manifests(self, state: DatasetState, folder: Path) -> tuple[Manifest, ...]:
        try:
            if state.files[CRAWLS].size > MAX_MANIFESTS_BYTES:
                raise ValueError(f"it has {state.files[CRAWLS].size:,} bytes")
            lines = self.fetch(state, CRAWLS, folder).read_text(encoding="utf-8").splitlines()
            if any(len(line) > MAX_MANIFEST_CHARS for line in lines):
                raise ValueError("a line is too long")
            manifests = tuple(parse_manifest(line) for line in lines)
            check_manifests(manifests, self._today)
            return manifests
        except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as problem:
            raise DataError(
                f"{CRAWLS} of {self.repo_id} at {state.revision[:7]} is damaged or from another version of this "
                f"program ({type(problem).__name__}: {problem}). Nothing of it was used. Restore it from the dataset's "
                "history, or use a dataset whose owner you trust."
            ) from problem

    def fetch(self, state: DatasetState, path: str, folder: Path) -> Path:
        """Download a file at the revision of `state`. Raises HubError if its checksum differs."""
        file = self.download(path, state.revision, folder)
        if not has_content(state.files[path], file):
            file.unlink()
            raise HubError(f"{path} of {self.repo_id} was not downloaded completely. {self._purpose.again}")
        return file

    def create(self, *, is_private: bool) -> None:
        """Create the dataset if it does not exist."""
        self._with_retries(
            lambda: self._api.create_repo(self.repo_id, repo_type="dataset", private=is_private, exist_ok=True)
        )

    def commit(self, files: Mapping[str, Path | bytes], removed: Sequence[str], title: str, parent: str) -> str:
        """Add and remove files in one commit on top of `parent`, and return its id.

        Raises DatasetChanged if `parent` is no longer the last commit.
        """

        def request() -> str:
            additions = [CommitOperationAdd(path, content) for path, content in sorted(files.items())]
            deletions = [CommitOperationDelete(path) for path in sorted(removed)]
            try:
                made = self._api.create_commit(
                    self.repo_id,
                    [*additions, *deletions],
                    commit_message=title,
                    parent_commit=parent,
                    repo_type="dataset",
                )
            except EntryNotFoundError as problem:  # another commit has removed a file that this one removes
                raise DatasetChanged from problem
            except HfHubHTTPError as problem:
                if problem.response.status_code in _CONFLICTS:
                    raise DatasetChanged from problem
                raise
            except RuntimeError as problem:  # sending a large file failed
                if isinstance(problem.__cause__, HfHubHTTPError):
                    raise problem.__cause__ from problem
                raise HubError(
                    f"A file could not be sent to {self.repo_id} ({problem}). {self._purpose.again}"
                ) from problem
            return made.oid

        return self._with_retries(request)
