"""`tracker demo` as a process: it starts a dashboard in an empty folder and stops cleanly."""

import gzip
import json
import os
import shutil
import signal
import subprocess
import sys
import urllib.request
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from tracker.lake.lake import Lake

ROOT = Path(__file__).parents[2]
pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="Windows has no SIGINT for one process")


@contextmanager
def running(folder: Path, *arguments: str) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """Start a demo and return it with the address of its dashboard; stderr goes to `stderr.txt` in `folder`."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("TRACKER_", "HF_"))}
    path = os.pathsep.join(filter(None, [str(ROOT), os.environ.get("PYTHONPATH")]))
    environ = {**kept, "HF_ENDPOINT": "http://127.0.0.1:9", "TMPDIR": str(folder), "PYTHONPATH": path}
    command = [sys.executable, "-m", "tracker", "demo", "--no-browser", "--port", "0", *arguments]
    with (folder / "stderr.txt").open("w") as errors:
        process = subprocess.Popen(command, cwd=folder, env=environ, stdout=subprocess.PIPE, stderr=errors, text=True)
    try:
        assert process.stdout is not None
        line = process.stdout.readline()
        assert line.startswith("The dashboard is at http://127.0.0.1:"), (folder / "stderr.txt").read_text()
        yield process, line.split()[4]
    finally:
        process.kill()
        process.communicate()


def ended(process: subprocess.Popen[str]) -> tuple[int, str]:
    """Stop the demo; return its exit code and the rest of its stdout."""
    process.send_signal(signal.SIGINT)
    out, _ = process.communicate(timeout=60)
    return process.returncode, out


def health(url: str) -> bytes:
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    with opener.open(f"{url}/_stcore/health", timeout=10) as answer:
        content: bytes = answer.read()
    return content


def test_simulated_demo_serves_and_stops_cleanly(tmp_path: Path, tracker: Callable[..., Any]) -> None:
    home = tmp_path / "X"
    with running(tmp_path, "--days", "3", "--models", "300", "--keep", "--home", str(home)) as (process, url):
        assert health(url) == b"ok"
        assert ended(process) == (0, "")
    message = (tmp_path / "stderr.txt").read_text()
    assert message.startswith("Crawling 3 simulated days, ") and f"The data are stored in {home}" in message
    assert "3 days, 300 models." in message and "The data are SIMULATED. Ready after " in message
    assert "Traceback" not in message
    query = "select is_simulated, (select count(distinct day) from model_days) as days from build"
    asked = tracker("sql", query, "--format", "json", "--home", home)
    assert json.loads(asked.out) == [{"is_simulated": True, "days": 3}]


@pytest.mark.slow
def test_replay_serves_recorded_days_and_removes_its_files(
    tmp_path: Path, make_model: Callable[..., dict[str, Any]]
) -> None:
    recorded = tmp_path / "recorded"
    recorded.mkdir()
    for day, rows in (("2026-08-19", 5), ("2026-08-20", 6)):
        lines = "\n".join(json.dumps(make_model(number)) for number in range(rows))
        (recorded / f"{day}.jsonl.gz").write_bytes(gzip.compress(lines.encode()))
    with running(tmp_path, "--replay", str(recorded)) as (process, url):
        assert health(url) == b"ok"
        [home] = tmp_path.glob("tracker-demo-*")
        told = [(m.crawl, m.models, m.is_complete, m.is_simulated) for m in Lake(home).manifests()]
        assert ended(process) == (0, "")
    assert told == [("2026-08-19-hub", 5, True, False), ("2026-08-20-hub", 6, True, False)]
    message = (tmp_path / "stderr.txt").read_text()
    assert message.startswith("Crawling 2 recorded days, 2026-08-19 to 2026-08-20, from a Hub on this machine.\n")
    assert "2 days, 6 models." in message and "SIMULATED" not in message
    assert list(tmp_path.glob("tracker-demo-*")) == []


BAD: Sequence[tuple[str, bytes | None, str]] = [
    ("nowhere", None, "nowhere: no such folder; name one that holds recorded days"),
    ("notes.txt", b"", "no recorded days in it; expected files named YYYY-MM-DD.jsonl.gz"),
    ("2026-08-19.jsonl.gz", b"no gzip", "2026-08-19.jsonl.gz:1: cannot be read"),
    ("2026-08-19.jsonl.gz", gzip.compress(b"{"), "2026-08-19.jsonl.gz:1: not JSON"),
]


@pytest.mark.parametrize(("name", "content", "message"), BAD, ids=["no folder", "no day", "no gzip", "no JSON"])
def test_invalid_recordings_exit_with_12(
    tmp_path: Path, tracker: Callable[..., Any], name: str, content: bytes | None, message: str
) -> None:
    folder = tmp_path / ("nowhere" if content is None else "recorded")
    if content is not None:
        folder.mkdir()
        (folder / name).write_bytes(content)
    done = tracker("demo", "--replay", folder, "--no-browser")
    assert (done.code, done.out) == (12, "")
    assert message in done.err and "Traceback" not in done.err


@pytest.mark.parametrize("other", [("--seed", "1"), ("--models", "400"), ("--days", "2")], ids=" ".join)
def test_other_world_in_the_same_home_is_refused(
    tmp_path: Path, tracker: Callable[..., Any], filled: Path, other: Sequence[str]
) -> None:
    home = Path(shutil.copytree(filled, tmp_path / "home"))
    world = {"seed": 0, "models": 300, "days": 1, "last_day": "2026-08-22"}
    (home / "demo.json").write_text(json.dumps(world))
    arguments = ("demo", "--days", "1", "--models", "300", *other, "--no-browser", "--port", "0", "--home", home)
    done = tracker(*arguments)
    assert (done.code, done.out) == (13, "")
    assert "has the days of another demo" in done.err and "Use another --home" in done.err
    assert json.loads((home / "demo.json").read_text()) == world


def test_later_commands_read_the_kept_demo(
    tmp_path: Path, folder: Path, tracker: Callable[..., Any], filled: Path
) -> None:
    shutil.copytree(filled, folder / "demo-data")
    done = tracker("sql", "select count(*) as n from models", "--format", "csv")
    assert (done.code, done.out) == (0, '"n"\n12\n')
    assert done.err == "There is no data here, so this reads demo-data, the data of `tracker demo --keep`.\n"
    assert tracker("status").code == 0
    (folder / "data").mkdir()
    assert tracker("sql", "select 1").code == 11
    assert tracker("sql", "select 1", TRACKER_HOME=str(tmp_path / "none")).code == 11
