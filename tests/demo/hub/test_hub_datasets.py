"""The real huggingface_hub client against dataset repositories of the embedded Hub: reading, creating, committing."""

import hashlib
import json
import warnings
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import huggingface_hub
import pytest
import requests
from huggingface_hub import CommitOperationAdd, CommitOperationDelete, HfApi, HfFileSystem, constants
from huggingface_hub.errors import (
    EntryNotFoundError,
    HfHubHTTPError,
    RepositoryNotFoundError,
    RevisionNotFoundError,
)

from tracker.demo.hub.datasets.requests import byte_range
from tracker.demo.hub.datasets.store import Repository
from tracker.demo.hub.faults import Fault, FaultKind
from tracker.demo.hub.server import EmbeddedHub

FIRST, SECOND = datetime(2026, 8, 1, 9, tzinfo=UTC), datetime(2026, 8, 8, 9, 30, tzinfo=UTC)
DIGITS = bytes(range(48, 58)) * 20_000
HERE: Any = {"repo_type": "dataset"}


@pytest.fixture
def data(hub: EmbeddedHub) -> Repository:
    """A repository of two commits."""
    repository = Repository("ada/data")
    repository.add({"day=2026-08-01/a.bin": b"one", "README.md": b"# Data\n"}, "first", FIRST)
    repository.add({"day=2026-08-01/a.bin": DIGITS, "deep/er/b.txt": b"two"}, "second", SECOND)
    hub.datasets.add(repository)
    return repository


@pytest.fixture
def api(hub: EmbeddedHub, monkeypatch: pytest.MonkeyPatch) -> Iterator[HfApi]:
    monkeypatch.setattr(constants, "HF_HUB_DISABLE_TELEMETRY", True)
    monkeypatch.setattr(constants, "HF_HUB_DISABLE_XET", True)
    yield HfApi(endpoint=hub.url, token="hf_aaaa")
    huggingface_hub.close_session()


def test_file_is_downloaded_at_any_revision(api: HfApi, data: Repository, tmp_path: Path) -> None:
    def content(**more: Any) -> bytes:
        path = api.hf_hub_download("ada/data", "day=2026-08-01/a.bin", cache_dir=tmp_path, **HERE, **more)
        return Path(path).read_bytes()

    assert content() == DIGITS
    assert content(revision=data.commits[0].oid) == b"one"
    assert content() == DIGITS


def test_snapshot_holds_every_file(api: HfApi, data: Repository, tmp_path: Path) -> None:
    folder = Path(api.snapshot_download("ada/data", cache_dir=tmp_path, **HERE))
    found = {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}
    assert found == {"day=2026-08-01/a.bin", "README.md", "deep/er/b.txt"}
    assert (folder / "deep/er/b.txt").read_bytes() == b"two"


def test_trees_commits_and_refs_are_listed(api: HfApi, data: Repository) -> None:
    entries = list(api.list_repo_tree("ada/data", recursive=True, expand=True, **HERE))
    assert [entry.path for entry in entries] == [
        "README.md", "day=2026-08-01", "day=2026-08-01/a.bin", "deep", "deep/er", "deep/er/b.txt",
    ]  # fmt: skip
    dates = {entry.path: entry.last_commit.date for entry in entries if entry.last_commit}
    assert (dates["README.md"], dates["day=2026-08-01/a.bin"]) == (FIRST, SECOND)
    assert [entry.path for entry in api.list_repo_tree("ada/data", "deep", **HERE)] == ["deep/er"]
    assert [commit.title for commit in api.list_repo_commits("ada/data", **HERE)] == ["second", "first"]
    assert [branch.target_commit for branch in api.list_repo_refs("ada/data", **HERE).branches] == [data.head.oid]
    assert api.dataset_info("ada/data").sha == data.head.oid
    infos = api.get_paths_info("ada/data", ["deep", "README.md", "nowhere"], **HERE)
    assert [info.path for info in infos] == ["deep", "README.md"]


def test_long_trees_and_histories_come_in_pages(api: HfApi, hub: EmbeddedHub) -> None:
    repository = Repository("ada/long")
    repository.add({f"f{number:04}": b"x" for number in range(1001)}, "many", FIRST)
    for number in range(60):
        repository.add({"f0000": str(number).encode()}, f"change {number}", FIRST)
    hub.datasets.add(repository)
    assert len(list(api.list_repo_tree("ada/long", **HERE))) == 1001
    assert len(api.list_repo_commits("ada/long", **HERE)) == 61
    assert len(hub.requests) == 4


def test_file_system_reads_ranges_alone(api: HfApi, data: Repository, hub: EmbeddedHub) -> None:
    files = HfFileSystem(endpoint=hub.url, token="hf_aaaa", skip_instance_cache=True)
    with files.open("datasets/ada/data/day=2026-08-01/a.bin", "rb", block_size=100, cache_type="none") as file:
        file.seek(-13, 2)
        assert file.read(3) == b"789"
    with files.open("datasets/ada/data/day=2026-08-01/a.bin", "rb", revision=data.commits[0].oid) as file:
        assert file.read() == b"one"
    assert [request.status for request in hub.requests if "/resolve/" in request.path] == [206, 200]
    assert files.ls("datasets/ada/data", detail=False) == [
        f"datasets/ada/data/{name}" for name in ("README.md", "day=2026-08-01", "deep")
    ]


@pytest.mark.parametrize(
    ("header", "expected"),
    [
        (None, None),
        ("bytes=0-3", slice(0, 4)),
        ("bytes=4-", slice(4, 10)),
        ("bytes=-3", slice(7, 10)),
        ("bytes=-30", slice(0, 10)),
        ("bytes=5-99", slice(5, 10)),
        ("lines=1-2", None),
        ("bytes=-", None),
    ],
)
def test_range_names_a_part(header: str | None, expected: slice | None) -> None:
    assert byte_range(header, 10) == expected


@pytest.mark.parametrize("header", ["bytes=10-", "bytes=12-14", "bytes=3-1", "bytes=-0"])
def test_range_without_a_byte_is_refused(header: str, data: Repository, ask: Callable[..., requests.Response]) -> None:
    with pytest.raises(ValueError, match=r"byte|end"):
        byte_range(header, 10)
    asked = ask("/datasets/ada/data/resolve/main/deep/er/b.txt", headers={"Range": header})
    assert (asked.status_code, asked.headers["Content-Range"]) == (416, "bytes */3")


def test_head_has_the_headers_of_get(data: Repository, ask: Callable[..., requests.Response], hub: EmbeddedHub) -> None:
    path = "/datasets/ada/data/resolve/main/day%3D2026-08-01/a.bin"
    got = ask(path)
    told = requests.head(hub.url + path, timeout=10)
    for name in ("ETag", "Content-Length", "X-Repo-Commit", "Accept-Ranges", "RateLimit-Policy"):
        assert told.headers[name] == got.headers[name]
    assert (len(got.content), told.content) == (200_000, b"")
    assert "Content-Encoding" not in got.headers
    assert got.headers["RateLimit"].startswith('"resolvers";r=2999;')
    assert ask(path, headers={"If-None-Match": got.headers["ETag"]}).status_code == 304


def test_repository_is_created_filled_and_read_again(api: HfApi, hub: EmbeddedHub, tmp_path: Path) -> None:
    hub.datasets._repositories.pop("ada/new", None)
    assert str(api.create_repo("ada/new", **HERE)).endswith("/datasets/ada/new")
    with pytest.raises(HfHubHTTPError, match="409"):
        api.create_repo("ada/new", **HERE)
    api.create_repo("ada/new", exist_ok=True, **HERE)
    card = b"---\nlicense: mit\n---\n# New\n"
    made = api.create_commit(
        "ada/new",
        [CommitOperationAdd("README.md", card), CommitOperationAdd("x/1.bin", DIGITS)],
        commit_message="fill", commit_description="two files", **HERE,
    )  # fmt: skip
    assert hub.datasets["ada/new"].head.oid == made.oid
    assert hub.datasets["ada/new"].head.message == "two files"
    path = api.hf_hub_download("ada/new", "x/1.bin", cache_dir=tmp_path, **HERE)
    assert Path(path).read_bytes() == DIGITS
    api.create_commit("ada/new", [CommitOperationDelete("x/", is_folder=True)], commit_message="clear", **HERE)
    assert sorted(hub.datasets["ada/new"].head.files) == [".gitattributes", "README.md"]


def test_folder_is_uploaded_once(api: HfApi, hub: EmbeddedHub, tmp_path: Path) -> None:
    hub.datasets._repositories.pop("ada/folder", None)
    api.create_repo("ada/folder", **HERE)
    for name in ("a/day=2026-08-01/one.parquet", "b.json"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(name)
    first = api.upload_folder(repo_id="ada/folder", folder_path=tmp_path, commit_message="day", **HERE)
    again = api.upload_folder(repo_id="ada/folder", folder_path=tmp_path, commit_message="day", **HERE)
    assert hub.datasets["ada/folder"].head.oid == first.oid == again.oid
    assert "a/day=2026-08-01/one.parquet" in hub.datasets["ada/folder"].head.files


def test_large_file_goes_to_the_storage_once(api: HfApi, hub: EmbeddedHub, tmp_path: Path) -> None:
    hub.datasets._repositories.pop("ada/large", None)
    api.create_repo("ada/large", **HERE)
    for path in ("a.parquet", "b.parquet"):
        api.create_commit("ada/large", [CommitOperationAdd(path, DIGITS)], commit_message="more", **HERE)
    sent = [request for request in hub.requests if request.method == "PUT"]
    assert len(sent) == 1
    [first, second] = list(api.list_repo_tree("ada/large", recursive=True, **HERE))[1:]
    assert first.lfs.sha256 == second.lfs.sha256 == hashlib.sha256(DIGITS).hexdigest() != first.blob_id
    assert Path(api.hf_hub_download("ada/large", "b.parquet", cache_dir=tmp_path, **HERE)).read_bytes() == DIGITS
    files = HfFileSystem(endpoint=hub.url, token="hf_aaaa", skip_instance_cache=True)
    with files.open("datasets/ada/large/a.parquet", "rb", block_size=100, cache_type="none") as file:
        file.seek(-3, 2)
        assert file.read() == b"789"


def test_damaged_large_file_is_not_taken(data: Repository, hub: EmbeddedHub) -> None:
    address = f"{hub.url}/storage/ada/data/{hashlib.sha256(b'whole').hexdigest()}"
    assert requests.put(address, b"half", timeout=10).status_code == 400
    assert requests.post(f"{address}/verify", timeout=10).status_code == 404
    named = {"key": "lfsFile", "value": {"path": "x", "oid": hashlib.sha256(b"whole").hexdigest(), "size": 5}}
    lines = [{"key": "header", "value": {"summary": "x"}}, named]
    commit = requests.post(
        f"{hub.url}/api/datasets/ada/data/commit/main", "\n".join(map(json.dumps, lines)),
        headers={"Authorization": "Bearer hf_aaaa"}, timeout=10,
    )  # fmt: skip
    assert (commit.status_code, "was not uploaded" in commit.text) == (400, True)


def test_refused_change_does_not_happen(api: HfApi, data: Repository, hub: EmbeddedHub) -> None:
    hub.faults.add(Fault(FaultKind.STATUS, "/commit/", status=413))
    with pytest.raises(HfHubHTTPError, match="413"):
        api.create_commit("ada/data", [CommitOperationAdd("c", b"3")], commit_message="no", **HERE)
    assert "c" not in data.head.files


def test_commit_on_an_old_parent_is_refused(api: HfApi, data: Repository) -> None:
    with pytest.raises(HfHubHTTPError, match="A commit has happened since") as refused:
        api.create_commit(
            "ada/data",
            [CommitOperationAdd("c", b"3")],
            commit_message="late",
            parent_commit=data.commits[0].oid,
            **HERE,
        )
    assert refused.value.response.status_code == 412
    made = api.create_commit(
        "ada/data", [CommitOperationAdd("c", b"3")], commit_message="now", parent_commit=data.head.oid, **HERE
    )
    assert data.head.oid == made.oid


def test_missing_and_private_datasets_answer_as_the_hub(api: HfApi, data: Repository, hub: EmbeddedHub) -> None:
    stranger = HfApi(endpoint=hub.url, token=False)
    with pytest.raises(RepositoryNotFoundError):
        api.dataset_info("ada/nothing")
    with pytest.raises(HfHubHTTPError, match="401"):
        stranger.dataset_info("ada/nothing")
    with pytest.raises(RevisionNotFoundError):
        api.dataset_info("ada/data", revision="0123456789")
    with pytest.raises(EntryNotFoundError):
        api.hf_hub_download("ada/data", "nowhere", **HERE)
    data.is_private = True
    with pytest.raises(HfHubHTTPError, match="401"):
        stranger.dataset_info("ada/data")
    assert api.dataset_info("ada/data").private
    with pytest.raises(HfHubHTTPError, match="401"):
        stranger.create_repo("ada/mine", **HERE)


def test_faults_befall_files_too(api: HfApi, data: Repository, hub: EmbeddedHub, tmp_path: Path) -> None:
    path = "/resolve/main/deep/er/b.txt"
    hub.faults.add(Fault(FaultKind.STATUS, path, status=401))
    with pytest.raises(HfHubHTTPError, match="401"), warnings.catch_warnings():
        api.hf_hub_download("ada/data", "deep/er/b.txt", cache_dir=tmp_path, **HERE)
    hub.faults.add(Fault(FaultKind.CUT, "/resolve/", after=1))
    file = api.hf_hub_download("ada/data", "day=2026-08-01/a.bin", cache_dir=tmp_path, **HERE)
    assert Path(file).read_bytes() == DIGITS
    assert not hub.faults.pending
