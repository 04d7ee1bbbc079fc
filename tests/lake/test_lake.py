"""Manifests, files and locks of a home."""

import json
import os
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from tracker.domain import LakeFile, Manifest
from tracker.errors import HomeError
from tracker.lake.lake import Lake, locked

DAY = date(2026, 8, 19)


@pytest.fixture
def told() -> Manifest:
    """A manifest with something in every field."""
    return Manifest(
        crawl="2026-08-19-hub",
        day=DAY,
        scope="hub",
        families=("qwen", "gemma"),
        source="crawl",
        endpoint="https://hub.example",
        started_at=datetime(2026, 8, 19, 12, 0, 0, 5, tzinfo=UTC),
        ended_at=datetime(2026, 8, 19, 12, 30, tzinfo=UTC),
        seconds=1800.25,
        requests=8,
        pages=7,
        rows_read=6,
        models=5,
        duplicates=1,
        refused=2,
        refused_because={"no id": 2},
        refused_examples=("a row without name: no id",),
        new_models=4,
        changed_models=1,
        is_complete=False,
        incomplete_because="the listing is empty",
        is_simulated=True,
        program_version="0.1.0",
        registry_version="abc",
        files=(),
    )


@pytest.fixture
def land_file(lake: Lake, tmp_path: Path) -> Callable[..., LakeFile]:
    """Lands some bytes as the file of a table, and returns what a manifest says of it."""

    def land_file(table: str = "models", content: bytes = b"PAR1", day: date = DAY) -> LakeFile:
        written = tmp_path / "written"
        written.write_bytes(content)
        target = lake.partition_path(table, day, "hub")
        (file,) = lake.add_files({target: written}, {target: 3})
        assert not written.exists()
        return file

    return land_file


def test_empty_home_has_no_crawls(lake: Lake) -> None:
    assert [*lake.manifests(), *lake.unfinished_runs(), *lake.unlisted_files([]), *lake.file_problems([])] == []
    assert lake.manifest("2026-08-19-hub") is None
    assert not lake.home.exists()


def test_manifest_round_trips(lake: Lake, told: Manifest) -> None:
    path = lake.save_manifest(told)
    assert lake.manifest("2026-08-19-hub") == told
    assert [entry.name for entry in path.parent.iterdir()] == ["2026-08-19-hub.json"]


def test_manifests_are_sorted_by_day_and_scope(lake: Lake, told: Manifest) -> None:
    for day, scope in ((20, "labs"), (19, "labs"), (20, "hub"), (3, "families")):
        lake.save_manifest(replace(told, crawl=f"2026-08-{day:02d}-{scope}", day=date(2026, 8, day), scope=scope))
    order = [(manifest.day.day, manifest.scope) for manifest in lake.manifests()]
    assert order == [(3, "families"), (19, "labs"), (20, "hub"), (20, "labs")]


def test_unknown_manifest_field_is_ignored(lake: Lake, told: Manifest) -> None:
    path = lake.save_manifest(told)
    path.write_text(json.dumps(json.loads(path.read_text()) | {"someday": 1}))
    assert lake.manifest(told.crawl) == told


DAMAGES = [
    "",
    "{",
    "[]",
    "null",
    "7",
    "{}",
    '{"files": []}',
    '{"files": [], "day": "19 August"}',
    '{"files": [{"path": "x"}]}',
    "\ud83d".encode("utf-8", errors="surrogatepass").decode("latin-1"),
]


@pytest.mark.parametrize("content", DAMAGES)
def test_damaged_manifest_is_reported_and_not_removed(lake: Lake, told: Manifest, content: str) -> None:
    path = lake.save_manifest(told)
    path.write_text(content, encoding="latin-1")
    for read in (lake.manifests, lambda: lake.manifest(told.crawl)):
        with pytest.raises(HomeError, match="is damaged or not a manifest of this program") as caught:
            read()
        assert str(path) in str(caught.value) and "Move it away" in str(caught.value)
    assert path.read_text(encoding="latin-1") == content


def test_landed_file_has_its_size_and_checksum(land_file: Callable[..., LakeFile], lake: Lake) -> None:
    file = land_file(content=b"PAR1 and more")
    assert file == LakeFile(
        path="models/day=2026-08-19/hub.parquet",
        rows=3,
        bytes=13,
        sha256="6a55e526a35e0c0593d126d74948bcde0a3ecd37c03b6b9f6c3a13b590e5b56d",
    )
    assert (lake.folder / file.path).read_bytes() == b"PAR1 and more"


def test_second_landing_replaces_the_file(land_file: Callable[..., LakeFile], lake: Lake) -> None:
    first = land_file(content=b"long and old")
    second = land_file(content=b"new")
    assert (lake.folder / first.path).read_bytes() == b"new"
    assert (first.path, second.bytes) == (second.path, 3)
    assert first.sha256 != second.sha256


def test_files_are_those_in_manifests(land_file: Callable[..., LakeFile], lake: Lake, told: Manifest) -> None:
    named = replace(told, files=(land_file("models"), land_file("model_days")))
    land_file("edges")
    assert lake.files("models", [named]) == [lake.partition_path("models", DAY, "hub")]
    assert lake.files("model_days", [named]) == [lake.partition_path("model_days", DAY, "hub")]
    assert lake.files("edges", [named]) == []


def test_unlisted_files_are_reported_and_not_removed(
    land_file: Callable[..., LakeFile], lake: Lake, told: Manifest
) -> None:
    named = replace(told, files=(land_file("models"),))
    orphan = lake.folder / land_file("edges").path
    foreign = lake.partition_path("models", DAY, "mine").with_suffix(".txt")
    foreign.write_text("notes")
    assert lake.unlisted_files([named]) == [orphan, foreign]
    assert orphan.exists() and foreign.exists()


@pytest.mark.parametrize(
    ("size", "said"),
    [(None, "is missing; crawl 2026-08-19-hub wrote it with 3 rows"), (2, "has 2 bytes; crawl 2026-08-19-hub wrote 4")],
)
def test_damaged_and_missing_files_are_reported(
    land_file: Callable[..., LakeFile], lake: Lake, told: Manifest, size: int | None, said: str
) -> None:
    named = replace(told, files=(land_file("models"), land_file("edges")))
    assert lake.file_problems([named]) == []
    path = lake.partition_path("edges", DAY, "hub")
    if size is None:
        path.unlink()
    else:
        os.truncate(path, size)
    assert lake.file_problems([named]) == [f"{path} {said}"]


def test_checksum_detects_changed_content_of_equal_size(
    land_file: Callable[..., LakeFile], lake: Lake, told: Manifest
) -> None:
    named = replace(told, files=(land_file("models", b"PAR1"),))
    path = lake.partition_path("models", DAY, "hub")
    assert lake.file_problems([named], by_content=True) == []
    path.write_bytes(b"RAP1")
    assert lake.file_problems([named]) == []
    assert lake.file_problems([named], by_content=True) == [f"{path} does not hold what crawl 2026-08-19-hub wrote"]


def test_interrupted_crawls_are_listed(lake: Lake) -> None:
    for name in ("2026-08-20-hub", "2026-08-19-labs"):
        (lake.runs / name).mkdir(parents=True)
    (lake.runs / "notes.txt").write_text("no folder")
    assert [path.name for path in lake.unfinished_runs()] == ["2026-08-19-labs", "2026-08-20-hub"]


HOLDER = """
import sys
from pathlib import Path
from tracker.lake.lake import locked
with locked(Path(sys.argv[1]), "crawl"):
    print("locked", flush=True)
    sys.stdin.readline()
"""


def test_home_stays_locked_until_its_process_ends(lake: Lake) -> None:
    arguments = [sys.executable, "-c", HOLDER, str(lake.home)]
    with subprocess.Popen(arguments, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as holder:
        assert holder.stdout is not None and holder.stdin is not None
        assert holder.stdout.readline() == "locked\n"
        with pytest.raises(HomeError, match=r"Another `tracker crawl` is running on .*home") as caught:
            locked(lake.home, "crawl").__enter__()
        assert caught.value.exit_code == 13
        with locked(lake.home, "build"):
            pass
        holder.kill()
    with locked(lake.home, "crawl"):
        pass


def test_lock_is_released_after_an_error(lake: Lake) -> None:
    with pytest.raises(ZeroDivisionError), locked(lake.home, "crawl"):
        raise ZeroDivisionError
    with locked(lake.home, "crawl"):
        pass


def test_file_as_home_is_refused(tmp_path: Path) -> None:
    (tmp_path / "home").write_text("")
    with pytest.raises(HomeError, match="cannot be written"), locked(tmp_path / "home", "crawl"):
        pass
