"""Crawls, builds and imports that are killed at random moments and run again.

A moment is a touch of the home's files by the program, or a statement to DuckDB: what a power cut may fall between.
"""

import random
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb
import pytest

from tests.faults.conftest import NEXT, content
from tests.support.program import environment
from tracker.demo.hub.server import EmbeddedHub
from tracker.lake.lake import Lake
from tracker.warehouse.build import FILE
from tracker.warehouse.day_files import day_files, set_home

SCRIPT = '''
"""python -c SCRIPT MOMENT HOME COMMAND...: the program, killed at that moment; at 0 it ends by itself and counts them.
"""
import itertools, os, signal, sys
import duckdb

stop, home = int(sys.argv[1]), sys.argv[2]
moments, found = itertools.count(1), [0]
TOUCHES = {"open", "os.rename", "os.remove", "os.mkdir", "os.rmdir", "os.truncate", "shutil.copyfile", "shutil.rmtree"}


def moment():
    found[0] = next(moments)
    if found[0] == stop:
        os.kill(os.getpid(), signal.SIGKILL)


def on_event(event, values):
    if event in TOUCHES and any(str(value).startswith(home) for value in values):
        moment()


def on_statement(connection, *rest, execute=duckdb.DuckDBPyConnection.execute):
    moment()
    return execute(connection, *rest)


sys.addaudithook(on_event)
duckdb.DuckDBPyConnection.execute = on_statement
sys.argv = ["tracker", *sys.argv[3:], "--home", home]
from tracker.cli.app import main
try:
    main()
finally:
    print(f"moments {found[0]}", file=sys.stderr)
'''

REPLACED = {FILE, "days/unused.json"}
"""What a build replaces."""

ROWS = "id,day,downloads_30d,likes\n" + "".join(
    f"{name},2026-08-{day:02d},{day * 100},{day}\n" for day in range(1, 15) for name in ("gpt2", "someone/gone")
)


pytestmark = pytest.mark.slow


@dataclass
class Undisturbed:
    """A command, the home it begins with, and what it makes of it."""

    command: Sequence[str]
    start: Path
    hub: EmbeddedHub
    folder: Path
    moments: int = 0
    ended: Path = Path()

    def run(self, home: Path, moment: int) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-c", SCRIPT, str(moment), str(home), *self.command],
            env=environment(self.folder, {"HF_ENDPOINT": self.hub.url}),
            capture_output=True,
            text=True,
            timeout=120,
        )


@pytest.fixture(
    scope="module",
    params=[
        "crawl",
        "crawl --force",
        "build",
        "build --full",
        "build --slim",
        "build --full --slim",
        "import",
    ],
)
def undisturbed(
    request: pytest.FixtureRequest,
    filled: Path,
    make_catalog: Callable[..., Any],
    make_model: Callable[..., Any],
    listing: list[Any],
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[Undisturbed]:
    """The command run to its end on a copy of its first home."""
    folder = tmp_path_factory.mktemp("killed")
    (folder / "mine.csv").write_text(ROWS)
    start, verb = Path(shutil.copytree(filled, folder / "start")), request.param.split()
    more = {"crawl": ["--scope", "hub", "--day", NEXT.isoformat()], "import": ["file", str(folder / "mine.csv")]}
    rows = [*listing[:9], *(make_model(number) for number in range(50, 3400))]
    with EmbeddedHub(make_catalog({NEXT: rows}), quota=100_000) as hub:
        told = Undisturbed([*verb, *more.get(verb[0], [])], start, hub, folder)
        if request.param == "build --slim":
            assert Undisturbed(["build", "--slim"], start, hub, folder).run(start, 0).returncode == 0
        if request.param in ("crawl --force", "build", "build --slim"):
            first = Undisturbed(["crawl", *more["crawl"]], start, hub, folder)
            assert first.run(start, 0).returncode == 0
        told.ended = Path(shutil.copytree(start, folder / "ended"))
        done = told.run(told.ended, 0)
        assert done.returncode == 0, done.stderr
        told.moments = int(done.stderr.split()[-1])
        yield told


def rows_of(lake: Lake) -> dict[str, list[tuple[Any, ...]]]:
    """What each file that counts holds, in order."""
    with duckdb.connect() as connection:
        return {
            file.path: connection.execute(
                f"select * exclude (day{', read_at' if 'model_days' in file.path else ''}) "
                f"from read_parquet('{lake.folder / file.path}', hive_partitioning = true) order by all"
            ).fetchall()
            for manifest in lake.manifests()
            for file in manifest.files
        }


def figures_of(home: Path) -> list[list[tuple[Any, ...]]]:
    with duckdb.connect(str(home / FILE), read_only=True) as connection:
        set_home(connection, home)
        tables = ("model_days", "model_flows", "adoption_days", "models", "lineage", "crawls")
        return [connection.execute(f"from {table} order by all").fetchall() for table in tables]


SEEDS = [*range(4), *(pytest.param(seed, marks=pytest.mark.endless) for seed in range(4, 25))]


@pytest.mark.parametrize("seed", SEEDS)
def test_command_killed_at_a_random_moment_goes_on(undisturbed: Undisturbed, tmp_path: Path, seed: int) -> None:
    home = Path(shutil.copytree(undisturbed.start, tmp_path / "home"))
    before, lake = content(home), Lake(home)
    moment = random.Random(f"{undisturbed.command[0]} {seed}").randrange(1, undisturbed.moments * 9 // 10)
    killed = undisturbed.run(home, moment)
    assert killed.returncode == -signal.SIGKILL, killed.stderr
    assert lake.file_problems(lake.manifests(), by_content=True) == []
    if undisturbed.command[0] != "build":
        assert (home / FILE).read_bytes() == before[FILE]
    if "--force" not in undisturbed.command:
        kept = {name: found for name, found in content(home).items() if name in before and name not in REPLACED}
        assert kept == {name: before[name] for name in kept} and set(before) - REPLACED == set(kept)
    figures_of(home)

    again = undisturbed.run(home, 0)
    assert again.returncode == 0, again.stderr
    assert rows_of(lake) == rows_of(Lake(undisturbed.ended))
    assert (
        lake.file_problems(lake.manifests(), by_content=True)
        == lake.unlisted_files(lake.manifests())
        == lake.unfinished_runs()
        == []
    )
    if undisturbed.command[0] == "build":
        assert figures_of(home) == figures_of(undisturbed.ended)
    with duckdb.connect(str(home / FILE), read_only=True) as connection:
        used = [home / file.file for file in day_files(connection) or ()]
    assert bool(used) == ("--slim" in undisturbed.command) and all(path.exists() for path in used)
    assert not list((home / "days").rglob("*.new"))
    assert not [path.name for path in home.iterdir() if path.name.startswith(f"{FILE}.") or path.name == "tmp"]
