"""`tracker import` as a process: exit codes and messages."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.support.archives import MODEL_PULSE, archives
from tracker.demo.hub.server import EmbeddedHub
from tracker.demo.simulation.world import SimulatedWorld
from tracker.lake.lake import locked

Run = Callable[..., Any]


@pytest.fixture(scope="module")
def world() -> SimulatedWorld:
    return SimulatedWorld(seed=1, days=9, models=120)


@pytest.mark.slow
def test_import_and_build_answer_a_query(tmp_path: Path, tracker: Run, world: SimulatedWorld) -> None:
    home = ("--home", tmp_path / "home")
    with EmbeddedHub(world, quota=10_000, datasets=archives(world, world.days[-2])) as hub:
        last = str(world.days[-1])
        assert tracker("crawl", "--scope", "hub", "--day", last, *home, HF_ENDPOINT=hub.url).code == 0
        done = tracker("import", "model-pulse", "--only-tracked", *home, HF_ENDPOINT=hub.url)
        assert (done.code, done.out.splitlines()[0][:26]) == (0, "model-pulse: 8 days landed")
        assert done.out.endswith("Run `tracker build` to update the warehouse.\n")
        assert done.err.startswith("Reading 1 files of modelpulse/model-pulse-data (")
        again = tracker("import", "model-pulse", "--only-tracked", *home, HF_ENDPOINT=hub.url)
        assert (again.code, again.err) == (0, "")
        assert again.out == "model-pulse: nothing new; 8 days landed earlier. The lake is unchanged.\n"
        assert tracker("build", *home).code == 0
        asked = tracker("sql", "select source, count(distinct day) from model_days group by 1 order by 1",
                        "--format", "csv", *home)  # fmt: skip
        assert asked.out.splitlines()[1:] == ['"crawl",1', '"model-pulse",8']
        assert "Import model-pulse: 8 days" in tracker("status", *home).out
        removed = tracker("import", "--remove", "model-pulse", *home)
        assert removed.out == "model-pulse: 8 days removed. Run `tracker build` to update the warehouse.\n"

        repository = hub.datasets[MODEL_PULSE]
        repository.add({"renames.parquet": b"PAR1"}, "damage", repository.head.date)
        broken = tracker("import", "model-pulse", *home, HF_ENDPOINT=hub.url)
        assert (broken.code, broken.out) == (11, "")
        assert "renames.parquet" in broken.err and "Traceback" not in broken.err


def test_import_without_a_network_is_an_error(tmp_path: Path, tracker: Run) -> None:
    home = ("--home", tmp_path / "home")
    done = tracker("import", "hub-stats", *home, HF_ENDPOINT="http://127.0.0.1:9")
    assert (done.code, done.out) == (10, "")
    assert done.err.startswith("tracker: the dataset cfahlgren1/hub-stats at http://127.0.0.1:9 could not be reached (")
    offline = tracker("import", "hub-stats", *home, HF_HUB_OFFLINE="1")
    assert (offline.code, offline.err) == (
        10, "tracker: HF_HUB_OFFLINE is set, so no request was sent to cfahlgren1/hub-stats. Unset it to import.\n",
    )  # fmt: skip


@pytest.mark.parametrize(
    ("typed", "message"),
    [
        ([], "Name a source: model-pulse, hub-weekly, hub-stats, file."),
        (["file"], "needs the path of a CSV or Parquet file"),
        (["hub-stats", "x.csv"], "only `tracker import file` takes a file."),
        (["hub-stats", "--remove", "file"], "--remove deletes a source; do not name a source to import as well."),
        (["hub-stats", "--since", "2026-02-01", "--until", "2026-01-01"], "--since 2026-02-01 is after --until"),
        (["elsewhere"], "Invalid value"),
    ],
)
def test_conflicting_options_are_a_usage_error(tmp_path: Path, tracker: Run, typed: list[str], message: str) -> None:
    done = tracker("import", *typed, "--home", tmp_path / "home")
    assert (done.code, done.out) == (2, "")
    assert message in done.err


def test_second_import_of_a_home_is_refused(tmp_path: Path, tracker: Run) -> None:
    file = tmp_path / "mine.csv"
    file.write_text("id,day,likes\na/b,2026-01-01,1\n")
    with locked(tmp_path / "home", "import"):
        done = tracker("import", "file", file, "--home", tmp_path / "home")
    assert done.code == 13 and "Another `tracker import` is running" in done.err
