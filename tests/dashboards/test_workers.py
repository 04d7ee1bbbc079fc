"""Several dashboards behind one port: each reader stays with one of them."""

import re
import shutil
import urllib.request
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from tests.benchmarks.reader import Reader
from tracker import workers
from tracker.errors import SettingsError
from tracker.workers import Workers

READERS = 8

needs_nginx = pytest.mark.skipif(
    not (shutil.which("nginx") or shutil.which("nginx", path="/usr/sbin")), reason="nginx is not installed"
)


@pytest.fixture
def served(home: Path) -> Iterator[Workers]:
    running = workers.start(home, 2, port=0)
    yield running
    running.stop()


def sessions(served: Workers) -> list[int]:
    """Open sessions of each process."""
    found = []
    for dashboard in served.dashboards:
        with urllib.request.urlopen(f"{dashboard.url}/_stcore/metrics") as answer:
            [count] = re.findall(r"^active_sessions (\d+)$", answer.read().decode(), re.MULTILINE)
        found.append(int(count))
    return found


@needs_nginx
def test_readers_are_spread_and_each_keeps_its_process(served: Workers) -> None:
    with urllib.request.urlopen(served.url) as answer:
        assert re.match(r"tracker_reader=\w{32}; Path=/; HttpOnly; SameSite=Lax$", answer.headers["Set-Cookie"])
    with ExitStack() as opened:
        for number in range(READERS):
            assert opened.enter_context(Reader(served.url, name=f"reader {number}")).open("rankings").is_whole
        spread = sessions(served)
        assert sum(spread) == READERS and min(spread) > 0
        for _ in range(READERS):
            opened.enter_context(Reader(served.url, name="reader 1")).open("")
        assert sorted(after - before for before, after in zip(spread, sessions(served), strict=True)) == [0, READERS]


def fetched_script(served: Workers, path: str) -> tuple[str | None, int]:
    """How a file was packed on its way, and its size then."""
    request = urllib.request.Request(f"{served.url}/{path}", headers={"Accept-Encoding": "gzip"})
    with urllib.request.urlopen(request) as answer:
        return answer.headers["Content-Encoding"], len(answer.read())


@needs_nginx
def test_a_process_that_ends_ends_all(served: Workers) -> None:
    """Until then, nginx has the scripts that it passed on before."""
    with urllib.request.urlopen(served.url) as answer:
        [path, *_] = re.findall(r'src="\./(static/[^"]+\.js)"', answer.read().decode())
    packed, size = fetched_script(served, path)
    assert packed == "gzip" and size > 10_000
    for dashboard in served.dashboards:
        dashboard.process.kill()
        dashboard.process.wait()
    assert fetched_script(served, path) == (packed, size)
    assert served.wait() == -9
    served.stop()
    assert all(dashboard.process.poll() is not None for dashboard in served.dashboards)


def test_missing_nginx_is_named(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workers.shutil, "which", lambda *_, **__: None)
    with pytest.raises(SettingsError, match=r"--workers 2 needs nginx, .* Install it"):
        workers.start(home, 2, port=0)
