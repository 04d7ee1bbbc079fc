"""Dataset repositories in memory, with the files of every commit."""

import hashlib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from threading import RLock

from tracker.demo.hub.responses import RefusedRequest

MAIN = "main"
ATTRIBUTES = ".gitattributes"
_LARGE = b"*.parquet filter=lfs diff=lfs merge=lfs -text\n"


@dataclass(frozen=True, slots=True)
class Blob:
    """The content of a file, with its git object id."""

    content: bytes
    oid: str
    sha256: str | None = None
    """Set for a large file: git stores a pointer with this sum, and `oid` is the pointer's."""

    @classmethod
    def of(cls, content: bytes) -> "Blob":
        """A regular file with these bytes."""
        return cls(content, _git_oid(content))

    @classmethod
    def large(cls, content: bytes) -> "Blob":
        """A large file with these bytes, stored through LFS."""
        sha256 = hashlib.sha256(content).hexdigest()
        return cls(content, _git_oid(_pointer(sha256, len(content))), sha256)

    @property
    def pointer_size(self) -> int:
        """Bytes of a large file's pointer."""
        return len(_pointer(self.sha256 or "", len(self.content)))


def _git_oid(content: bytes) -> str:
    head = f"blob {len(content)}\0".encode()
    return hashlib.sha1(head + content, usedforsecurity=False).hexdigest()


def _pointer(sha256: str, size: int) -> bytes:
    return f"version https://git-lfs.github.com/spec/v1\noid sha256:{sha256}\nsize {size}\n".encode()


@dataclass(frozen=True, slots=True)
class Commit:
    """One state of a repository. Unchanged files are shared with the parent commit."""

    oid: str
    title: str
    message: str
    author: str
    date: datetime
    files: Mapping[str, Blob]
    """Path -> content of all files."""


@dataclass(slots=True)
class Repository:
    """A dataset repository with one branch, `main`."""

    repo_id: str
    is_private: bool = False
    commits: list[Commit] = field(default_factory=list)
    """Oldest first."""

    gone: set[str] = field(default_factory=set)
    """Commits that are still listed, but whose files are deleted."""

    uploads: dict[str, Blob] = field(default_factory=dict)
    """Uploaded large files by SHA-256, whether a commit uses them or not."""

    @property
    def head(self) -> Commit:
        """The latest commit."""
        return self.commits[-1]

    def at(self, revision: str) -> Commit | None:
        """The commit of a branch, an oid or the first 7 or more digits of one; None if there is none."""
        if revision in (MAIN, f"refs/heads/{MAIN}"):
            return self.head
        found = [commit for commit in self.commits if len(revision) >= 7 and commit.oid.startswith(revision)]
        return found[0] if len(found) == 1 and found[0].oid not in self.gone else None

    def position(self, commit: Commit) -> int:
        """The number of earlier commits."""
        return self.commits.index(commit)

    def last_change(self, path: str, commit: Commit) -> Commit:
        """The latest commit, up to `commit`, that changed the file."""
        blob, changed = commit.files[path], commit
        for earlier in reversed(self.commits[: self.position(commit)]):
            if earlier.files.get(path) != blob:
                break
            changed = earlier
        return changed

    def add(
        self,
        changes: Mapping[str, bytes | Blob | None],
        title: str,
        date: datetime,
        message: str = "",
        author: str = "someone",
    ) -> Commit:
        """Commit new contents by path; None deletes a file."""
        files = dict(self.commits[-1].files) if self.commits else {}
        for path, content in changes.items():
            if content is None:
                files.pop(path, None)
            else:
                files[path] = content if isinstance(content, Blob) else Blob.of(content)
        parent = self.commits[-1].oid if self.commits else ""
        parts = [parent, title, message, date.isoformat(), *(f"{path} {files[path].oid}" for path in sorted(files))]
        oid = hashlib.sha1("\n".join(parts).encode(), usedforsecurity=False).hexdigest()
        self.commits.append(Commit(oid, title, message, author, date, files))
        return self.commits[-1]


class DatasetStore:
    """The dataset repositories of one Hub; safe to be used from several threads."""

    def __init__(self, lazy: Mapping[str, Callable[[], Repository]] | None = None) -> None:
        """`lazy` maps names to functions that make a repository when it is first used."""
        self._makers = dict(lazy or {})
        self._repositories: dict[str, Repository] = {}
        self.lock = RLock()
        """Hold it to read and change a repository in one step."""

    def __getitem__(self, repo_id: str) -> Repository:
        """The repository of this name. Raises KeyError."""
        with self.lock:
            if repo_id in self._makers:
                self._repositories[repo_id] = self._makers.pop(repo_id)()
            return self._repositories[repo_id]

    def __contains__(self, repo_id: str) -> bool:
        """Whether there is such a repository."""
        with self.lock:
            return repo_id in self._repositories or repo_id in self._makers

    def __iter__(self) -> Iterator[str]:
        """All names, in order."""
        return iter(sorted({*self._repositories, *self._makers}))

    def create(self, repo_id: str, now: datetime, *, is_private: bool = False) -> Repository:
        """A new repository with the Hub's `.gitattributes`. Raises RefusedRequest (409) if the name is taken."""
        with self.lock:
            if repo_id in self:
                raise RefusedRequest(409, "You already created this dataset repo")
            repository = Repository(repo_id, is_private)
            repository.add({ATTRIBUTES: _LARGE}, "initial commit", now)
            self._repositories[repo_id] = repository
            return repository

    def add(self, repository: Repository) -> None:
        """Serve an existing repository."""
        with self.lock:
            self._repositories[repository.repo_id] = repository

    def commit(
        self,
        repo_id: str,
        changes: Mapping[str, bytes | Blob | None],
        title: str,
        message: str,
        parent: str | None,
        now: datetime,
    ) -> Commit:
        """Commits to `main`. Raises RefusedRequest (412) if `parent` is named and is not the latest commit."""
        with self.lock:
            repository = self[repo_id]
            if parent is not None and parent != repository.head.oid:
                raise RefusedRequest(412, "A commit has happened since. Please refresh and try again.")
            date = max(now, repository.head.date + timedelta(seconds=1))
            return repository.add(changes, title, date.astimezone(UTC), message)
