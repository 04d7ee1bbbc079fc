"""Start, wait for and stop the dashboard in a separate process. Streamlit is never imported here."""

import os
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
import webbrowser
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from tracker.errors import SettingsError, TrackerError

HOST = "127.0.0.1"
DEFAULT_PORT = 8501

APP = Path(__file__).parent.parent / "dashboards" / "app.py"
_SECONDS_TO_START = 60.0
_SECONDS_TO_STOP = 1.2
_SECONDS_BETWEEN_LINES = 0.5
_LOOK_EVERY = 0.1
_FLAGS = {
    "server.address": HOST,
    "server.headless": "true",
    "server.fileWatcherType": "none",
    "server.showEmailPrompt": "false",
    "browser.gatherUsageStats": "false",
    "browser.serverAddress": HOST,
    "client.toolbarMode": "minimal",
    "client.showErrorDetails": "none",
    "client.disableDataExport": "true",
    # A search of all memory for garbage after each run of a page is an eighth of what many readers wait for.
    "runner.postScriptGC": "false",
}


@dataclass(slots=True)
class Dashboard:
    """A running dashboard."""

    url: str
    process: subprocess.Popen[bytes]
    _log: IO[bytes]

    def wait(self) -> int:
        """Block until the process ends by itself, and return its exit code. What it prints goes to stderr."""
        shown = len(self._output())
        while True:
            try:
                code = self.process.wait(_SECONDS_BETWEEN_LINES)
            except subprocess.TimeoutExpired:
                code = None
            printed = self._output()
            if len(printed) > shown:
                print(printed[shown:].decode(errors="replace"), end="", file=sys.stderr, flush=True)
                shown = len(printed)
            if code is not None:
                return code

    def log(self) -> str:
        """The output of the process so far."""
        return self._output().decode(errors="replace")

    def _output(self) -> bytes:
        self._log.seek(0)
        return self._log.read()

    def stop(self) -> None:
        """Stop the process and wait for it. Does nothing if it has already ended."""
        _end(self.process)
        self._log.close()


def serve(home: Path, *, port: int = DEFAULT_PORT, open_browser: bool = True) -> int:
    """Shows the warehouse of `home` on 127.0.0.1 until interrupted with Ctrl-C; the exit code.

    The page itself says what to run where the home has no warehouse. Raises SettingsError where
    the port is taken and TrackerError where the server does not come up.
    """
    dashboard = start(home, port=port)
    try:
        print(f"The dashboard is at {dashboard.url} (Ctrl-C ends it).", flush=True)
        if open_browser:
            webbrowser.open(dashboard.url)
        return dashboard.wait()
    except KeyboardInterrupt:
        return 0
    finally:
        dashboard.stop()


def start(
    home: Path,
    *,
    port: int = DEFAULT_PORT,
    app: Path = APP,
    environ: Mapping[str, str] | None = None,
    sleep: Callable[[float], None] = time.sleep,
) -> Dashboard:
    """Starts the dashboard of `home` and returns once it answers; port 0 takes a free one.

    The caller ends it with `stop()`. Raises SettingsError where the port is taken and TrackerError,
    with what the server printed, where it ends early or does not answer within a minute.
    """
    port = free_port(port)
    log = tempfile.TemporaryFile("ab+")  # noqa: SIM115 - closed by stop(); the server and we write and read it at once
    process = subprocess.Popen(
        _command(app, port),
        env=_environment(home, os.environ if environ is None else environ),
        stdin=subprocess.DEVNULL,
        stdout=log,
        stderr=subprocess.STDOUT,
        # A group of its own: Ctrl-C reaches only us, and we end the server in order.
        start_new_session=True,
    )
    dashboard = Dashboard(f"http://{HOST}:{port}", process, log)
    try:
        _wait_until_healthy(dashboard, sleep)
    except BaseException:
        dashboard.stop()
        raise
    return dashboard


def free_port(port: int) -> int:
    """`port`, or a free one for 0. Raises SettingsError if it is taken."""
    with socket.socket() as probe:
        # As the server itself does: a port whose last connections are still closing is free.
        if os.name == "posix":
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except (OSError, OverflowError) as error:
            raise SettingsError(
                f"Port {port} of {HOST} cannot be used ({error}). "
                "Another dashboard may be running there; choose another port with --port."
            ) from error
        return int(probe.getsockname()[1])


def _command(app: Path, port: int) -> list[str]:
    flags = [f"--{name}={value}" for name, value in _FLAGS.items()]
    # -P: a tracker.py or streamlit.py in the working directory is not imported.
    return [sys.executable, "-P", "-m", "streamlit", "run", str(app), f"--server.port={port}", *flags]


def _environment(home: Path, environ: Mapping[str, str]) -> dict[str, str]:
    path = os.pathsep.join(filter(None, [str(APP.parent.parent), environ.get("PYTHONPATH")]))
    return {**environ, "TRACKER_HOME": str(home.resolve()), "PYTHONPATH": path}


def _wait_until_healthy(dashboard: Dashboard, sleep: Callable[[float], None]) -> None:
    for _ in range(round(_SECONDS_TO_START / _LOOK_EVERY)):
        if dashboard.process.poll() is not None:
            raise TrackerError(f"The dashboard ended while starting. It printed:\n{dashboard.log().strip()}")
        if _is_healthy(dashboard.url):
            return
        sleep(_LOOK_EVERY)
    raise TrackerError(f"The dashboard did not answer within {_SECONDS_TO_START:.0f} s:\n{dashboard.log().strip()}")


def _is_healthy(url: str) -> bool:
    # Straight to loopback, whatever proxy the environment names.
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    try:
        with opener.open(f"{url}/_stcore/health", timeout=2) as answer:
            return bool(answer.status == 200)
    except (urllib.error.URLError, TimeoutError, ConnectionError):
        return False


def _end(process: subprocess.Popen[bytes]) -> None:
    if process.poll() is not None:
        return
    process.terminate()
    try:
        process.wait(_SECONDS_TO_STOP)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
