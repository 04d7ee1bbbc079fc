"""Dataset repositories with their history, in memory: what a commit changed, and what stood there at each of them."""

import hashlib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from threading import RLock

MAIN = "main"
ATTRIBUTES = ".gitattributes"
_LARGE = b"*.parquet filter=lfs diff=lfs merge=lfs -text\n"


@dataclass(frozen=True, slots=True)
class Blob:
    """The content of a file, under the name git gives it."""

    content: bytes
    oid: str
    sha256: str | None = None
    """Of a large file: git holds a pointer with this sum, and `oid` is the pointer's."""

    @classmethod
    def of(cls, content: bytes) -> "Blob":
        """The blob of these bytes."""
        return cls(content, _git_name(content))

    @classmethod
    def large(cls, content: bytes) -> "Blob":
        """The blob of a large file."""
        sha256 = hashlib.sha256(content).hexdigest()
        return cls(content, _git_name(_pointer(sha256, len(content))), sha256)

    @property
    def pointer_size(self) -> int:
        """Bytes of a large file's pointer."""
        return len(_pointer(self.sha256 or "", len(self.content)))


def _git_name(content: bytes) -> str:
    head = f"blob {len(content)}\0".encode()
    return hashlib.sha1(head + content, usedforsecurity=False).hexdigest()


def _pointer(sha256: str, size: int) -> bytes:
    return f"version https://git-lfs.github.com/spec/v1\noid sha256:{sha256}\nsize {size}\n".encode()


@dataclass(frozen=True, slots=True)
class Commit:
    """One state of a repository. Its files are shared with the commit before it."""

    oid: str
    title: str
    message: str
    author: str
    date: datetime
    files: Mapping[str, Blob]
    """Path -> content of everything that stands there."""


class Refusal(Exception):
    """A commit that cannot be made: a status of the Hub and its words."""

    def __init__(self, status: int, message: str, code: str | None = None) -> None:
        super().__init__(message)
        self.status, self.message, self.code = status, message, code


@dataclass(slots=True)
class Repository:
    """A dataset repository with one branch, `main`."""

    repo_id: str
    is_private: bool = False
    commits: list[Commit] = field(default_factory=list)
    """Oldest first."""

    gone: set[str] = field(default_factory=set)
    """Commits that are listed, but whose files nobody can have any more."""

    uploads: dict[str, Blob] = field(default_factory=dict)
    """Large files that were sent, by their sum, whether a commit names them or not."""

    @property
    def head(self) -> Commit:
        """The latest commit."""
        return self.commits[-1]

    def at(self, revision: str) -> Commit | None:
        """The commit that a branch, or the whole or the beginning of an oid names; None if there is none."""
        if revision in (MAIN, f"refs/heads/{MAIN}"):
            return self.head
        found = [commit for commit in self.commits if len(revision) >= 7 and commit.oid.startswith(revision)]
        return found[0] if len(found) == 1 and found[0].oid not in self.gone else None

    def position(self, commit: Commit) -> int:
        """How many commits there were before this one."""
        return self.commits.index(commit)

    def last_change(self, path: str, commit: Commit) -> Commit:
        """The commit that gave a file of `commit` its content."""
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
        """Commits new contents by path; None takes a file away."""
        files = dict(self.commits[-1].files) if self.commits else {}
        for path, content in changes.items():
            if content is None:
                files.pop(path, None)
            else:
                files[path] = content if isinstance(content, Blob) else Blob.of(content)
        parent = self.commits[-1].oid if self.commits else ""
        told = [parent, title, message, date.isoformat(), *(f"{path} {files[path].oid}" for path in sorted(files))]
        oid = hashlib.sha1("\n".join(told).encode(), usedforsecurity=False).hexdigest()
        self.commits.append(Commit(oid, title, message, author, date, files))
        return self.commits[-1]


Maker = Callable[[], Repository]


class DatasetStore:
    """The dataset repositories of one Hub; safe to be used from several threads."""

    def __init__(self, made_on_demand: Mapping[str, Maker] | None = None) -> None:
        """`made_on_demand` are repositories that cost something, made when first asked for."""
        self._makers = dict(made_on_demand or {})
        self._held: dict[str, Repository] = {}
        self.lock = RLock()
        """Held while a repository is read and changed in one step."""

    def __getitem__(self, repo_id: str) -> Repository:
        """The repository of this name. Raises KeyError."""
        with self.lock:
            if repo_id in self._makers:
                self._held[repo_id] = self._makers.pop(repo_id)()
            return self._held[repo_id]

    def __contains__(self, repo_id: str) -> bool:
        """Whether there is such a repository."""
        with self.lock:
            return repo_id in self._held or repo_id in self._makers

    def __iter__(self) -> Iterator[str]:
        """All names, in order."""
        return iter(sorted({*self._held, *self._makers}))

    def create(self, repo_id: str, now: datetime, *, is_private: bool = False) -> Repository:
        """A new repository, with the one file the Hub puts there. Raises Refusal (409) if the name is taken."""
        with self.lock:
            if repo_id in self:
                raise Refusal(409, "You already created this dataset repo")
            repository = Repository(repo_id, is_private)
            repository.add({ATTRIBUTES: _LARGE}, "initial commit", now)
            self._held[repo_id] = repository
            return repository

    def add(self, repository: Repository) -> None:
        """Serves a repository made elsewhere."""
        with self.lock:
            self._held[repository.repo_id] = repository

    def commit(
        self,
        repo_id: str,
        changes: Mapping[str, bytes | Blob | None],
        title: str,
        message: str,
        parent: str | None,
        now: datetime,
    ) -> Commit:
        """Commits to `main`. Raises Refusal (412) if `parent` is named and is not the latest commit."""
        with self.lock:
            repository = self[repo_id]
            if parent is not None and parent != repository.head.oid:
                raise Refusal(412, "A commit has happened since. Please refresh and try again.")
            date = max(now, repository.head.date + timedelta(seconds=1))
            return repository.add(changes, title, date.astimezone(UTC), message)
