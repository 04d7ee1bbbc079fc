"""Files of the lake that were cut, emptied, exchanged or lost: every command that meets one names it and stops."""

import itertools
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from tests.faults.conftest import content, sentence
from tracker.lake.lake import Lake
from tracker.warehouse.build import FILE

Run = Callable[..., Any]


def cut(path: Path) -> None:
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])


def emptied(path: Path) -> None:
    path.write_bytes(b"")


def no_parquet(path: Path) -> None:
    path.write_bytes(b"PAR1, says somebody.")


def other_schema(path: Path) -> None:
    pq.write_table(pa.table({"model": ["gpt2"], "score": [0.5]}), path)


def lost(path: Path) -> None:
    path.unlink()


def garbled(path: Path) -> None:
    """Same length, so that only reading shows the damage."""
    path.write_bytes(b"x" * path.stat().st_size)


DAMAGES = [cut, emptied, no_parquet, other_schema, lost]
TABLES = ["model_days", "models", "edges"]
COMMANDS = ["status", "build", "crawl", "import"]
ALL = [*itertools.product(DAMAGES, TABLES, COMMANDS), (garbled, "models", "crawl"), (garbled, "models", "import")]
QUICK = {
    (cut, "model_days", "status"),
    (emptied, "models", "import"),
    (no_parquet, "edges", "build"),
    (other_schema, "models", "crawl"),
    (garbled, "models", "import"),
}
CASES = [pytest.param(*case, marks=[] if case in QUICK else pytest.mark.slow) for case in ALL]


@pytest.fixture
def meet(tmp_path: Path, tracker: Run, next_day: Run, listing: list[Any]) -> Run:
    """Runs a command on a home; there is a Hub to crawl and a file to import."""
    file = tmp_path / "mine.csv"
    file.write_text("id,day,downloads_30d\ngpt2,2026-08-01,7\n")
    more = {"crawl": ["--scope", "hub", "--day", "2026-08-20"], "import": ["file", file]}

    def meet(command: str, home: Path) -> Any:
        hub = next_day(listing)
        return tracker(command, *more.get(command, []), "--home", home, HF_ENDPOINT=hub.url)

    return meet


@pytest.mark.parametrize(("damage", "table", "command"), CASES)
def test_damaged_file_is_named_and_not_changed(
    own: Path, meet: Run, damage: Callable[[Path], None], table: str, command: str
) -> None:
    path = own / "lake" / table / "day=2026-08-18" / "hub.parquet"
    damage(path)
    before = content(own / "lake") | {FILE: (own / FILE).read_bytes()}
    done = meet(command, own)
    assert done.code == 13
    said = sentence(done.err)
    assert said.startswith(str(path)) and "crawl 2026-08-18-hub wrote" in said
    assert f"Restore it from a backup, or move that crawl's manifest out of {own}/lake/crawls to continue" in said
    assert content(own / "lake") | {FILE: (own / FILE).read_bytes()} == before


@pytest.mark.slow
def test_lake_works_without_the_damaged_crawl(own: Path, meet: Run) -> None:
    path = own / "lake" / "models" / "day=2026-08-18" / "hub.parquet"
    cut(path)
    (own / "lake" / "crawls" / "2026-08-18-hub.json").rename(own / "moved.json")
    assert meet("crawl", own).out.startswith("2026-08-20-hub: 12 models (11 new, 0 changed)")
    built = meet("build", own)
    assert (built.code, built.out.splitlines()[-1]) == (0, f"{own}/{FILE}: 2 days, 12 models.")
    assert f"warning: {path} belongs to no crawl; it is ignored" in built.out


MANIFESTS: dict[str, Callable[[Path], object]] = {
    "cut": lambda path: cut(path),
    "emptied": lambda path: emptied(path),
    "of another kind": lambda path: path.write_text('{"name": "package", "version": "1.0.0"}'),
    "a copy": lambda path: path.with_stem("2026-08-18-hub (1)").write_bytes(path.read_bytes()),
}


@pytest.mark.parametrize(
    ("damage", "command"),
    [
        pytest.param(
            damage,
            command,
            marks=[] if (damage, command) in {("emptied", "build"), ("a copy", "status")} else pytest.mark.slow,
        )
        for damage, command in itertools.product(MANIFESTS, COMMANDS)
    ],
)
def test_damaged_manifest_is_named_and_not_changed(own: Path, meet: Run, damage: str, command: str) -> None:
    crawls = own / "lake" / "crawls"
    MANIFESTS[damage](crawls / "2026-08-18-hub.json")
    named = crawls / ("2026-08-18-hub (1).json" if damage == "a copy" else "2026-08-18-hub.json")
    before = content(own / "lake")
    done = meet(command, own)
    assert (done.code, done.out) == (13, "")
    said = sentence(done.err)
    assert said.startswith(f"{named} is damaged or not a manifest of this program") and "Move it away" in said
    assert content(own / "lake") == before
    named.rename(own / "moved.json")
    assert Lake(own).manifests()


@pytest.mark.parametrize(
    "command", ["status", "import", *(pytest.param(name, marks=pytest.mark.slow) for name in ("build", "crawl"))]
)
def test_foreign_files_are_ignored(own: Path, meet: Run, command: str) -> None:
    foreign = own / "lake" / "model_days" / "day=2026-08-18" / "mine.parquet"
    other_schema(foreign)
    (own / "lake" / "notes.txt").write_text("mine")
    before = content(own / "lake")
    done = meet(command, own)
    assert (done.code, f"{foreign} belongs to no crawl" in done.out) == (0, command in ("status", "build"))
    assert {name: found for name, found in content(own / "lake").items() if name in before} == before


@pytest.mark.slow
@pytest.mark.parametrize("damage", [garbled, emptied])
def test_damaged_warehouse_is_rebuilt(own: Path, meet: Run, tracker: Run, damage: Callable[[Path], None]) -> None:
    damage(own / FILE)
    asked = tracker("sql", "select last_day from build", "--home", own)
    assert asked.code == 11 and "Run `tracker build` to rebuild it." in sentence(asked.err)
    assert meet("build", own).code == 0
    assert tracker("sql", "select last_day from build", "--home", own).code == 0


def test_damaged_page_of_a_run_is_named_by_its_folder(own: Path, next_day: Run, crawl: Run, listing: list[Any]) -> None:
    hub, before = next_day(listing), content(own / "lake")
    assert crawl(own, hub, "--max-requests", "1").code == 11
    run = own / "runs" / "2026-08-20-hub"
    cut(run / "000001.json.zst")
    done = crawl(own, hub)
    assert (done.code, done.out) == (11, "")
    assert "is damaged" in sentence(done.err) and f"Move {run} away, then crawl again." in done.err
    assert content(own / "lake") == before
    run.rename(own / "moved")
    assert crawl(own, hub).code == 0
