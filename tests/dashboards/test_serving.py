"""The server of the dashboard answers on loopback only and stops cleanly."""

import os
import signal
import socket
import subprocess
import sys
import urllib.request
from pathlib import Path

import pytest

from tracker import dashboard
from tracker.errors import SettingsError, TrackerError


def test_server_starts_from_any_folder_and_stops(home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    running = dashboard.start(home, port=0)
    try:
        assert running.url.startswith("http://127.0.0.1:")
        with urllib.request.urlopen(f"{running.url}/_stcore/health") as answer:
            assert answer.read() == b"ok"
        port = int(running.url.rpartition(":")[2])
        with pytest.raises(SettingsError, match=f"Port {port} of 127.0.0.1 cannot be used .* --port"):
            dashboard.start(home, port=port)
    finally:
        running.stop()
    assert running.process.poll() is not None
    running.stop()


def test_port_in_use_is_named(home: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        with pytest.raises(SettingsError, match=f"Port {port} .* --port"):
            dashboard.serve(home, port=port, open_browser=False)


@pytest.mark.parametrize("port", [-1, 65536])
def test_invalid_port_is_refused(home: Path, port: int) -> None:
    with pytest.raises(SettingsError, match=f"Port {port} "):
        dashboard.start(home, port=port)


def test_server_that_ends_early_is_reported(home: Path, tmp_path: Path) -> None:
    (tmp_path / "streamlit").mkdir()
    (tmp_path / "streamlit" / "__init__.py").write_text("")
    (tmp_path / "streamlit" / "__main__.py").write_text("raise SystemExit('no such thing')")
    with pytest.raises(TrackerError, match="no such thing"):
        dashboard.start(home, port=0, environ={**os.environ, "PYTHONPATH": str(tmp_path)})


@pytest.mark.skipif(not Path("/proc/self/maps").exists(), reason="/proc lists the loaded libraries on Linux only")
def test_server_uses_uvloop(home: Path) -> None:
    running = dashboard.start(home, port=0)
    try:
        assert "/uvloop/" in Path(f"/proc/{running.process.pid}/maps").read_text()
    finally:
        running.stop()


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no SIGINT for one process")
def test_ctrl_c_stops_the_server(home: Path) -> None:
    code = (
        "import sys, pathlib; from tracker import dashboard; "
        "sys.exit(dashboard.serve(pathlib.Path(sys.argv[1]), port=0, open_browser=False))"
    )
    process = subprocess.Popen([sys.executable, "-c", code, str(home)], stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    assert process.stdout is not None
    url = process.stdout.readline().decode().split()[4]
    process.send_signal(signal.SIGINT)
    _, errors = process.communicate(timeout=30)
    assert (process.returncode, errors) == (0, b"")
    with socket.socket() as probe:
        assert probe.connect_ex(("127.0.0.1", int(url.rpartition(":")[2]))) != 0


def test_modules_in_the_working_directory_are_not_imported(
    home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("tracker", "dashboards", "streamlit"):
        (tmp_path / f"{name}.py").write_text("raise SystemExit('a stranger')")
    monkeypatch.chdir(tmp_path)
    running = dashboard.start(home, port=0)
    running.stop()


def test_errors_of_the_server_reach_stderr(home: Path, tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    with (tmp_path / "log").open("ab+") as log:
        log.write(b"a banner\n")
        code = "import time; time.sleep(0.2); print('Uncaught app execution', flush=True); raise SystemExit(3)"
        process = subprocess.Popen([sys.executable, "-c", code], stdout=log, stderr=log)
        running = dashboard.Dashboard("http://127.0.0.1:1", process, log)
        log.flush()
        assert running.wait() == 3
    assert capfd.readouterr().err == "Uncaught app execution\n"
