"""The app under test, started from app.py over a tiny warehouse."""

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest
from streamlit.util import calc_hash

from tests.support import tiny_warehouse
from tests.support.simulated_home import simulated as simulated

APP = Path(__file__).parents[2] / "dashboards" / "app.py"

Opener = Callable[..., AppTest]
Writer = Callable[..., Path]


@pytest.fixture
def write_warehouse() -> Writer:
    """Writes the tiny warehouse into a home, then runs further SQL on it; the path of the file."""

    return lambda home, *changes: tiny_warehouse.write(home / "tracker.duckdb", *changes)


@pytest.fixture
def home(tmp_path: Path, write_warehouse: Writer) -> Path:
    """A home with the tiny warehouse."""
    write_warehouse(tmp_path)
    return tmp_path


@pytest.fixture
def own_simulated(simulated: Path, tmp_path: Path) -> Path:
    """A home of one's own with a copy of the simulated warehouse, for tests that change it."""
    home = tmp_path / "own"
    home.mkdir()
    shutil.copy(simulated / "tracker.duckdb", home)
    return home


@pytest.fixture
def open_page(monkeypatch: pytest.MonkeyPatch) -> Opener:
    """Opens a page of the app over a home, with query parameters as a link would name them."""

    def opened(home: Path, page: str | None = None, **query: str | list[str]) -> AppTest:
        monkeypatch.setenv("TRACKER_HOME", str(home))
        app = AppTest.from_file(str(APP), default_timeout=30)
        for name, value in query.items():
            app.query_params[name] = value
        if page:
            app.switch_page(page)
            # Before its first run AppTest takes the file's name for the address, which has hyphens where that has not.
            app._page_hash = calc_hash(Path(page).stem.replace("_", "-"))
        return app.run()

    return opened
