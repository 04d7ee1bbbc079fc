"""Ctrl-C and SIGTERM end every command within two seconds; at the SQL prompt, Ctrl-C clears the line."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest

from tests.support.program import environment
from tests.support.slow import first_of
from tracker.demo.hub.faults import Fault, FaultKind
from tracker.demo.hub.server import EmbeddedHub

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="reads /proc, and Windows has other signals")

SENTENCE = "tracker: Interrupted; what was saved is not lost, and the same command can be run again."
SIGNALS = [(signal.SIGINT, 130), (signal.SIGTERM, 143)]
LONG = "select count(*) from range(1000000) a, range(10000000) b where a.range * b.range % 7 = 3"
NEW_FILE = "tracker.duckdb.new"
CTRL_C = "\x03"
Start = Callable[..., subprocess.Popen[bytes]]


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Start]:
    """Starts the program as a process; it is killed after the test."""
    running: list[subprocess.Popen[bytes]] = []

    def start(*arguments: str | Path, stdin: int = subprocess.DEVNULL, **environ: str) -> subprocess.Popen[bytes]:
        process = subprocess.Popen(
            [sys.executable, "-m", "tracker", *map(str, arguments)],
            cwd=tmp_path,
            env=environment(tmp_path, environ),
            stdin=stdin,
            stdout=stdin if stdin > 0 else subprocess.PIPE,
            stderr=stdin if stdin > 0 else subprocess.PIPE,
            start_new_session=True,
        )
        running.append(process)
        return process

    yield start
    for process in running:
        process.kill()
        process.wait()


def wait_until_open(process: subprocess.Popen[bytes], file: Path) -> None:
    """Return once the process has the file open, or raise TimeoutError."""
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        with suppress(FileNotFoundError):  # a file that was closed meanwhile
            if file.resolve() in [link.readlink() for link in Path(f"/proc/{process.pid}/fd").iterdir()]:
                return
    raise TimeoutError(file)


def ended(process: subprocess.Popen[bytes], kind: signal.Signals) -> tuple[int, list[str]]:
    """Send a signal; return the exit code and the lines of stderr. The process must end within a few seconds."""
    sent = time.monotonic()
    process.send_signal(kind)
    _, err = process.communicate(timeout=20)
    assert time.monotonic() - sent < 5  # two, and more on a busy machine
    return process.returncode, err.decode().splitlines()


@pytest.mark.parametrize(("kind", "code"), SIGNALS)
def test_crawl_that_waits_for_its_quota_ends(
    start: Start, serve: Callable[..., EmbeddedHub], tmp_path: Path, kind: signal.Signals, code: int
) -> None:
    hub = serve(quota=3, clock=time.monotonic)
    process = start("crawl", "--home", tmp_path / "home", HF_ENDPOINT=hub.url)
    assert process.stderr is not None
    while b"Waiting" not in (line := process.stderr.readline()):
        assert line, "the crawl ended"
    found, lines = ended(process, kind)
    assert (found, lines[-1]) == (code, SENTENCE)


@pytest.mark.parametrize(("kind", "code"), first_of(SIGNALS))
@pytest.mark.parametrize("command", [["pull", "ada/data"], ["import", "model-pulse"]], ids=lambda command: command[0])
def test_command_that_waits_for_a_dataset_ends(
    start: Start, serve: Callable[..., EmbeddedHub], tmp_path: Path, command: list[str], kind: signal.Signals, code: int
) -> None:
    hub = serve()
    hub.faults.add(Fault(FaultKind.STALL, "/api/datasets", times=9))
    process = start(*command, "--home", tmp_path / "home", HF_ENDPOINT=hub.url)
    while not any(request.path.startswith("/api/datasets") for request in hub.requests):
        assert process.poll() is None, process.communicate()
    found, lines = ended(process, kind)
    assert (found, lines[-1]) == (code, SENTENCE)


@pytest.mark.parametrize(("kind", "code"), SIGNALS)
@pytest.mark.parametrize(
    "query", [LONG, pytest.param("select length(repeat('x', 3000000000))", marks=pytest.mark.slow)]
)
def test_running_query_ends(filled: Path, start: Start, query: str, kind: signal.Signals, code: int) -> None:
    process = start("sql", query, "--home", filled)
    wait_until_open(process, filled / "tracker.duckdb")
    assert ended(process, kind) == (code, [SENTENCE])


@pytest.mark.parametrize(("kind", "code"), first_of(SIGNALS))
def test_build_ends_and_keeps_the_earlier_warehouse(own: Path, start: Start, kind: signal.Signals, code: int) -> None:
    before = (own / "tracker.duckdb").read_bytes()
    process = start("build", "--full", "--home", own)
    wait_until_open(process, own / NEW_FILE)
    found, lines = ended(process, kind)
    assert (found, lines[-1]) == (code, SENTENCE)
    assert (own / "tracker.duckdb").read_bytes() == before


@contextmanager
def typing(start: Start, home: Path) -> Iterator[Callable[[str, str], str]]:
    """Opens the prompt at a terminal; the function types a text and returns the output up to an expected text."""
    ours, theirs = os.openpty()
    process = start("sql", "--home", home, stdin=theirs, TERM="dumb")
    os.close(theirs)
    shown = ""

    def typed(text: str, expected: str) -> str:
        nonlocal shown
        start_at = len(shown)
        if text == CTRL_C:
            process.send_signal(signal.SIGINT)
        else:
            os.write(ours, text.encode())
        while expected not in shown[start_at:]:
            try:
                shown += os.read(ours, 4096).decode("utf-8", "replace")
            except OSError:  # the process has ended
                break
        assert expected in shown[start_at:], shown[start_at:]
        return shown[start_at:]

    try:
        yield typed
        process.wait(20)
    finally:
        os.close(ours)
    assert process.returncode == 0


def test_ctrl_c_right_after_typing_clears_the_line(own: Path, start: Start) -> None:
    with typing(start, own) as typed:
        typed("", "sql> ")
        for length in range(60):
            typed("x" * length, "")  # readline is still busy with it
            typed(CTRL_C, "sql> ")
        typed("exit\n", "exit")


def test_ctrl_c_at_the_prompt_clears_the_line_and_stops_a_query(own: Path, start: Start) -> None:
    with typing(start, own) as typed:
        typed("", "sql> ")
        typed("select nonsense", "nonsense")
        typed(CTRL_C, "sql> ")
        typed("select 41 + 1 as n;\n", "42\r\nsql> ")
        typed(f"{LONG};\n", "\n")
        typed(CTRL_C, "sql> ")
        typed(".tables\n", "model_days")
        typed(".help\n", "Ctrl-C")
        typed(".nothing\n", "There is no command .nothing here")
        typed("exit\n", "exit")
    assert "select 41 + 1 as n;" in (own / ".sql_history").read_text()
