"""The dashboard under test, started from app.py over the simulated or the tiny warehouse."""

import shutil
from collections import OrderedDict
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path

import duckdb
import pytest
from streamlit.components.v2 import manifest_scanner
from streamlit.testing.v1 import AppTest
from streamlit.util import calc_hash

from tests.support import tiny_warehouse
from tests.support.simulated_home import simulated as simulated

APP = Path(__file__).parents[2] / "dashboards" / "app.py"
MOST_PAGES = 40

_TOKENS = """
insert into axis_shares by name
select day, 'openrouter' as axis, lab, origin, sum(downloads) * case lab when 'deepseek' then 50 else 1 end as value,
    case lab when 'alibaba' then 'qwen' end as family, 0.5 as share, 0.9 as coverage
from adoption_days
where lens = 'publisher' and task_class = 'language' and lab in ('deepseek', 'google', 'alibaba')
    and downloads is not null and day between '2026-10-01' and '2026-11-10'
group by day, lab, origin;
insert into axis_shares by name
select day, 'huggingface' as axis, lab, origin, family, sum(downloads) as value, 0.5 as share, 0.75 as coverage
from adoption_days
where lens = 'publisher' and task_class = 'language' and lab is not null and downloads is not null
    and day >= '2026-10-01'
group by day, lab, origin, family;
insert into axes by name
select 'openrouter' as axis, 'Tokens on OpenRouter' as title, 'CC BY 4.0' as licence, 'Credit *them*' as attribution,
    'https://example.org/by' as licence_url, date '2026-10-01' as first_day, date '2026-11-10' as last_day;
insert into axis_days by name
select 'openrouter' as axis, 'model' as entity_kind, 'nobody/x' as entity, date '2026-11-10' as day, 'tokens' as metric,
    5.0 as value, false as is_cumulative, 'unknown' as weights;
"""

Opener = Callable[..., AppTest]
Writer = Callable[..., Path]


@pytest.fixture(scope="session", autouse=True)
def scan_components_once() -> Iterator[None]:
    """Scan the installed packages for Streamlit components once.

    A server does so when it starts, AppTest at every run of a page, which takes most of its time.
    """
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(manifest_scanner, "scan_component_manifests", cache(manifest_scanner.scan_component_manifests))
        yield


@pytest.fixture
def write_warehouse() -> Writer:
    """Write the tiny warehouse into a home and run further SQL on it; returns the path of the file."""

    return lambda home, *changes: tiny_warehouse.write(home / "tracker.duckdb", *changes)


@pytest.fixture
def home(tmp_path: Path, write_warehouse: Writer) -> Path:
    """A home with the tiny warehouse."""
    write_warehouse(tmp_path)
    return tmp_path


@pytest.fixture
def own_simulated(simulated: Path, tmp_path: Path) -> Path:
    """A home with a copy of the simulated warehouse, for tests that change it."""
    home = tmp_path / "own"
    home.mkdir()
    shutil.copy(simulated / "tracker.duckdb", home)
    return home


@pytest.fixture(scope="session")
def compared(simulated: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The simulated home with tokens that favour DeepSeek, up to ten days before its last day."""
    home = tmp_path_factory.mktemp("compared")
    shutil.copy(simulated / "tracker.duckdb", home)
    with duckdb.connect(str(home / "tracker.duckdb")) as connection:
        connection.execute(_TOKENS)
    return home


@pytest.fixture
def open_page(monkeypatch: pytest.MonkeyPatch) -> Opener:
    """Open a page over a home, with query parameters as in a link."""

    def opened(home: Path, page: str | None = None, **query: str | list[str]) -> AppTest:
        monkeypatch.setenv("TRACKER_HOME", str(home))
        app = AppTest.from_file(str(APP), default_timeout=30)
        for name, value in query.items():
            app.query_params[name] = value
        if page:
            app.switch_page(page)
            # Before its first run AppTest takes the file's name for the page's path, which has hyphens instead.
            app._page_hash = calc_hash(Path(page).stem.replace("_", "-"))
        return app.run()

    return opened


@pytest.fixture(scope="session")
def viewed_pages() -> OrderedDict[str, AppTest]:
    """The pages that tests of this process have opened only to read them."""
    return OrderedDict()


@pytest.fixture
def view_page(open_page: Opener, viewed_pages: OrderedDict[str, AppTest]) -> Opener:
    """Open a page over a home that no test changes; tests that view the same page share it and only read it."""

    def refuse(*_: object) -> None:
        pytest.fail("This page is shared, and a test that changes it changes others: open it with open_page.")

    def viewed(home: Path, page: str | None = None, **query: str | list[str]) -> AppTest:
        key = repr((home, page, sorted(query.items())))
        if key not in viewed_pages:
            viewed_pages[key] = open_page(home, page, **query)
            viewed_pages[key]._run = refuse  # type: ignore[method-assign, assignment]
            if len(viewed_pages) > MOST_PAGES:
                viewed_pages.popitem(last=False)
        return viewed_pages[key]

    return viewed
