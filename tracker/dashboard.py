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
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Protocol

from tracker.errors import SettingsError, TrackerError

HOST = "127.0.0.1"
DEFAULT_PORT = 8501

APP = Path(__file__).parent.parent / "dashboards" / "server.py"
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
        return wait_for_first([self])

    def wait_until_healthy(self) -> None:
        """Block until the server answers. Raises TrackerError if it ends, or does not answer within a minute."""
        for _ in range(round(_SECONDS_TO_START / _LOOK_EVERY)):
            if self.process.poll() is not None:
                raise TrackerError(f"The dashboard ended while starting. It printed:\n{self.log().strip()}")
            if _is_healthy(self.url):
                return
            time.sleep(_LOOK_EVERY)
        raise TrackerError(f"The dashboard did not answer within {_SECONDS_TO_START:.0f} s:\n{self.log().strip()}")

    def log(self) -> str:
        """The output of the process so far."""
        self._log.seek(0)
        return self._log.read().decode(errors="replace")

    def stop(self) -> None:
        """Stop the process and wait for it. Does nothing if it has already ended."""
        if self.process.poll() is None:
            self.process.terminate()
            try:
                self.process.wait(_SECONDS_TO_STOP)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()
        self._log.close()


class Served(Protocol):
    """A dashboard, or several behind one address."""

    @property
    def url(self) -> str:
        """Where readers find it."""

    def wait(self) -> int:
        """Block until it ends by itself, and return the exit code."""

    def stop(self) -> None:
        """Stop it and wait for it."""


def serve(home: Path, *, port: int = DEFAULT_PORT, open_browser: bool = True) -> int:
    """Show the warehouse of `home` on 127.0.0.1 until Ctrl-C, and return the exit code.

    The page itself says what to run if the home has no warehouse. Raises SettingsError if the port is taken and
    TrackerError if the server does not start.
    """
    return run(start(home, port=port), open_browser=open_browser)


def run(served: Served, *, open_browser: bool) -> int:
    """Say the address, wait until the server ends or Ctrl-C, and return the exit code."""
    try:
        print(f"The dashboard is at {served.url} (Ctrl-C ends it).", flush=True)
        if open_browser:
            webbrowser.open(served.url)
        return served.wait()
    except KeyboardInterrupt:
        return 0
    finally:
        served.stop()


def start(
    home: Path, *, port: int = DEFAULT_PORT, app: Path = APP, environ: Mapping[str, str] | None = None
) -> Dashboard:
    """Start the dashboard of `home` and return once it answers; port 0 takes a free one.

    The caller ends it with `stop()`. Raises SettingsError if the port is taken and TrackerError, with what the server
    printed, if it ends early or does not answer within a minute.
    """
    dashboard = launch(home, port=free_port(port), app=app, environ=environ)
    try:
        dashboard.wait_until_healthy()
    except BaseException:
        dashboard.stop()
        raise
    return dashboard


def launch(
    home: Path,
    *,
    port: int,
    app: Path = APP,
    environ: Mapping[str, str] | None = None,
    extra: Mapping[str, str] | None = None,
) -> Dashboard:
    """Start the dashboard of `home` on a free port and return at once; `extra` is added to the environment."""
    listed = [f"--{name}={value}" for name, value in {"server.port": str(port), **_FLAGS}.items()]
    # -P: a tracker.py or streamlit.py in the working directory is not imported.
    command = [sys.executable, "-P", "-m", "streamlit", "run", str(app), *listed]
    return spawn(command, port, _environment(home, os.environ if environ is None else environ) | dict(extra or {}))


def spawn(command: Sequence[str], port: int, environ: Mapping[str, str] | None = None) -> Dashboard:
    """Start a server in a process group of its own: Ctrl-C reaches only this process, which ends it in order."""
    log = tempfile.TemporaryFile("ab+")  # noqa: SIM115 - closed by stop(); the server and we write and read it at once
    process = subprocess.Popen(
        command, env=environ, stdin=subprocess.DEVNULL, stdout=log, stderr=subprocess.STDOUT, start_new_session=True
    )
    return Dashboard(f"http://{HOST}:{port}", process, log)


def wait_for_first(dashboards: Sequence[Dashboard]) -> int:
    """Block until one of them ends by itself, and return its exit code. What they print goes to stderr."""
    shown = [len(dashboard.log()) for dashboard in dashboards]
    while True:
        with suppress(subprocess.TimeoutExpired):
            dashboards[0].process.wait(_SECONDS_BETWEEN_LINES)
        codes = [dashboard.process.poll() for dashboard in dashboards]
        for place, dashboard in enumerate(dashboards):
            printed = dashboard.log()
            print(printed[shown[place] :], end="", file=sys.stderr, flush=True)
            shown[place] = len(printed)
        ended = [code for code in codes if code is not None]
        if ended:
            return ended[0]


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


def _environment(home: Path, environ: Mapping[str, str]) -> dict[str, str]:
    path = os.pathsep.join(filter(None, [str(APP.parent.parent), environ.get("PYTHONPATH")]))
    return {**environ, "TRACKER_HOME": str(home.resolve()), "PYTHONPATH": path}


def _is_healthy(url: str) -> bool:
    # Straight to loopback, whatever proxy the environment names.
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    try:
        with opener.open(f"{url}/_stcore/health", timeout=2) as answer:
            return bool(answer.status == 200)
    except (urllib.error.URLError, TimeoutError, ConnectionError):
        return False
