"""The dataset on the Hub: what it holds, and commits to it."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from huggingface_hub import CommitOperationAdd, CommitOperationDelete
from huggingface_hub.errors import HfHubHTTPError
from huggingface_hub.utils.sha import git_hash

from tracker.domain import Manifest
from tracker.errors import DataError, HubError
from tracker.hub.datasets import DatasetClient, ErrorTexts, StoredFile
from tracker.lake.lake import parse_manifest, sha256_and_size
from tracker.publish.layout import CRAWLS

_MOVED = {409, 412}
_WRITE = "Check that HF_TOKEN is valid and may write there, or run `hf auth login`."

PULL = ErrorTexts(
    "pull", "Nothing of it was pulled.", "Run the same command again; what has landed is not fetched again."
)


def publishing(repo_id: str) -> ErrorTexts:
    """The words of a publish."""
    return ErrorTexts(
        "publish",
        "Nothing was published.",
        "The dataset is whole; run the same command again, what has arrived is not sent again.",
        f"`tracker publish {repo_id} --create` makes it.",
        _WRITE,
    )


class Moved(Exception):
    """The dataset has changed since it was looked at."""


@dataclass(frozen=True, slots=True)
class Held:
    """What the dataset holds at a revision."""

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
    """Whether a file of the dataset has this content, judged by its name in the store."""
    if stored.sha256 is None:
        return stored.oid == git_hash(content if isinstance(content, bytes) else content.read_bytes())
    if isinstance(content, bytes):
        return stored.sha256 == hashlib.sha256(content).hexdigest()
    return (stored.sha256, stored.size) == sha256_and_size(content)


class Dataset(DatasetClient):
    """One dataset that can also be written."""

    def held(self, folder: Path) -> Held:
        """What it holds now; `folder` takes the downloads. Raises DataError if its manifests cannot be read."""
        revision, is_simulated = self.head()
        found = Held(revision, is_simulated, {file.path: file for file in self.files("", revision)})
        return replace(found, manifests=self._manifests(found, folder)) if CRAWLS in found.files else found

    def _manifests(self, held: Held, folder: Path) -> tuple[Manifest, ...]:
        try:
            lines = self.fetched(held, CRAWLS, folder).read_text(encoding="utf-8").splitlines()
            return tuple(parse_manifest(line) for line in lines)
        except (ValueError, KeyError, TypeError, AttributeError) as problem:
            raise DataError(
                f"{CRAWLS} of {self.repo_id} at {held.revision[:7]} is damaged, or of another version of this program "
                f"({type(problem).__name__}: {problem}). Restore it from the dataset's history."
            ) from problem

    def fetched(self, held: Held, path: str, folder: Path) -> Path:
        """A file as it stood when it was looked at. Raises HubError if it arrives with another content."""
        file = self.download(path, held.revision, folder)
        if not has_content(held.files[path], file):
            file.unlink()
            raise HubError(f"{path} of {self.repo_id} did not arrive whole. {self._purpose.again}")
        return file

    def create(self, *, is_private: bool) -> None:
        """Makes the dataset if there is none."""
        self._asked(lambda: self._api.create_repo(self.repo_id, repo_type="dataset", private=is_private, exist_ok=True))

    def commit(self, files: Mapping[str, Path | bytes], gone: Sequence[str], title: str, parent: str) -> str:
        """Adds these files and takes away those that are gone, in one commit on top of `parent`; returns its name.

        Raises Moved if `parent` is not the last commit any more.
        """

        def ask() -> str:
            additions = [CommitOperationAdd(path, content) for path, content in sorted(files.items())]
            deletions = [CommitOperationDelete(path) for path in sorted(gone)]
            try:
                made = self._api.create_commit(
                    self.repo_id,
                    [*additions, *deletions],
                    commit_message=title,
                    parent_commit=parent,
                    repo_type="dataset",
                )
            except HfHubHTTPError as problem:
                if problem.response.status_code in _MOVED:
                    raise Moved from problem
                raise
            except RuntimeError as problem:  # sending a large file failed
                if isinstance(problem.__cause__, HfHubHTTPError):
                    raise problem.__cause__ from problem
                raise HubError(
                    f"A file could not be sent to {self.repo_id} ({problem}). {self._purpose.again}"
                ) from problem
            return made.oid

        return self._asked(ask)
