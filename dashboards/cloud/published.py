"""Keep a home up to date with the tables of a dataset, for a server that starts without data.

`tracker pull --marts` runs in a separate process: its memory is free again afterwards, and pages import no client of
the Hub. It asks for the revision of the dataset, fetches the tables if they have changed, and replaces them in one
step. Open pages follow within 20 seconds.
"""

import os
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path
from threading import Event, Thread

from dashboards.data.warehouse import limit_memory
from dashboards.queries import sql
from tracker.config import Settings

ROOT = Path(__file__).resolve().parents[2]
_SECONDS_FOR_A_PULL = 1800.0
_PAGES_MB = 350
"""Memory of DuckDB for pages. Python and Streamlit take another 300 MB, a pull 170 MB for some seconds."""

_QUERY_MB = 160
"""Memory of a query of the SQL page, besides the 100 MB of its process."""

_PREFIX = "tracker: "


class PublishedTables:
    """A home, and the thread that keeps it up to date."""

    def __init__(self, dataset: str, home: Path, minutes: float, environ: Mapping[str, str]) -> None:
        self.dataset, self.home, self.minutes = dataset, home, minutes
        self.problem: str | None = None
        """Why the last pull failed, in the words of `tracker pull`."""

        self._environ, self._asked = {**environ, "PYTHONPATH": str(ROOT)}, Event()
        self._stopped = Event()

    def start(self) -> None:
        """Start to pull, at once and then every some minutes, until the process ends."""
        Thread(target=self._follow, name="published-tables", daemon=True).start()

    def stop(self) -> None:
        """End the thread after the pull that is running."""
        self._stopped.set()

    def wait(self, seconds: float) -> bool:
        """Wait for the end of the first pull; return whether it has ended."""
        return self._asked.wait(seconds)

    def pull(self) -> None:
        """Pull once."""
        command = [sys.executable, "-P", "-m", "tracker", "pull", self.dataset, "--marts", "--home", str(self.home)]
        try:
            done = subprocess.run(
                command, env=self._environ, stdin=subprocess.DEVNULL, capture_output=True, timeout=_SECONDS_FOR_A_PULL
            )
        except (OSError, subprocess.TimeoutExpired) as problem:
            self.problem = f"`tracker pull` did not end ({type(problem).__name__})."
            return
        said = done.stderr.decode(errors="replace").strip().splitlines()
        print(*said, done.stdout.decode(errors="replace").strip(), sep="\n", file=sys.stderr, flush=True)
        failed = said[-1].removeprefix(_PREFIX) if said else f"`tracker pull` ended with code {done.returncode}."
        self.problem = failed[:1].upper() + failed[1:] if done.returncode else None

    def _follow(self) -> None:
        while not self._stopped.is_set():
            self.pull()
            self._asked.set()
            self._stopped.wait(self.minutes * 60)


def start(environ: Mapping[str, str]) -> PublishedTables | None:
    """Follow the dataset that the environment names, in its home or else a temporary one; None if it names none."""
    settings = Settings.from_env(environ)
    if settings.dataset is None:
        return None
    home = settings.home if environ.get("TRACKER_HOME") else Path(tempfile.mkdtemp(prefix="tracker-"))
    tables = PublishedTables(settings.dataset, home, settings.refresh_minutes, environ)
    os.environ["TRACKER_HOME"] = str(home)  # where the pages look
    limit_memory(f"{_PAGES_MB}MB")
    sql.limit_memory(_QUERY_MB)
    tables.start()
    return tables
