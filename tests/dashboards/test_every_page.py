"""What holds for every page, over a simulated warehouse with all its tables."""

import shutil
from collections.abc import Callable
from pathlib import Path

import duckdb
import pytest
from streamlit.testing.v1 import AppTest

from dashboards.navigation import ENTRIES, Entry
from tests.support.app_page import page_text

Opener = Callable[..., AppTest]
PAGES = {entry.view: entry for entry in ENTRIES}
CONTROLS = ("button_group", "selectbox", "multiselect", "text_input", "text_area", "date_input")


@pytest.fixture(scope="module")
def emptied(simulated: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home whose warehouse has all tables, and rows in none but `build`."""
    home = tmp_path_factory.mktemp("emptied")
    shutil.copy(simulated / "tracker.duckdb", home)
    with duckdb.connect(str(home / "tracker.duckdb")) as connection:
        tables = connection.execute(
            "select schema_name || '.' || table_name from duckdb_tables() "
            "where schema_name in ('main', 'steps') and table_name != 'build'"
        ).fetchall()
        assert len(tables) > 30
        for (table,) in tables:
            connection.execute(f"delete from {table}")
    return home


def test_menu_lists_every_view_once() -> None:
    views = {path.stem for path in (Path(__file__).parents[2] / "dashboards" / "views").glob("[!_]*.py")}
    assert sorted(entry.view for entry in ENTRIES) == sorted(views)
    assert len({entry.url_path for entry in ENTRIES}) == len(ENTRIES)


@pytest.mark.parametrize("entry", ENTRIES, ids=list(PAGES))
def test_page_has_title_header_and_described_charts(view_page: Opener, simulated: Path, entry: Entry) -> None:
    app = view_page(simulated, f"views/{entry.view}.py")
    assert not app.exception
    assert len(app.title) == 1
    assert app.markdown[0].value.startswith("20 Nov 2026")
    assert "Simulated data" in app.markdown[1].value
    assert app.caption[-1].value.replace("\\", "").startswith("As of 20 Nov 2026: ")
    assert "cannot be read" not in page_text(app) and "another version" not in page_text(app)
    charts = app.get("vega_lite_chart")
    assert all(len(chart.proto.alt) > 20 for chart in charts)
    captions = [part.value.replace("\\", "") for part in app.caption]
    footnotes = [text for text in captions if "Source: Hugging Face Hub counters" in text]
    assert len(footnotes) >= len(charts)
    assert all(note.startswith("Simulated data") for note in footnotes)


@pytest.mark.parametrize("entry", ENTRIES, ids=list(PAGES))
def test_title_of_a_page_comes_before_its_controls(view_page: Opener, simulated: Path, entry: Entry) -> None:
    drawn = [part for part in view_page(simulated, f"views/{entry.view}.py").main if hasattr(part, "type")]
    controls = [
        place for place, part in enumerate(drawn) if part.type in CONTROLS and getattr(part, "key", None) != "search"
    ]
    assert controls or entry.view in ("method", "rulers")
    assert [part.type for part in drawn].index("title") < min([*controls, len(drawn)])


def test_titles_of_pages_differ(view_page: Opener, simulated: Path) -> None:
    titles = [view_page(simulated, f"views/{entry.view}.py").title[0].value for entry in ENTRIES]
    assert len(set(titles)) == len(ENTRIES)


@pytest.mark.parametrize("entry", ENTRIES, ids=list(PAGES))
def test_page_without_rows_says_why(open_page: Opener, emptied: Path, entry: Entry) -> None:
    app = open_page(emptied, f"views/{entry.view}.py")
    assert not app.exception
    assert app.title and (app.info or len(page_text(app)) > 200)


def test_missing_warehouse_says_what_to_run(open_page: Opener, tmp_path: Path) -> None:
    for entry in ENTRIES:
        app = open_page(tmp_path, f"views/{entry.view}.py")
        assert not app.exception
        assert "`tracker demo`" in app.info[0].value and "`tracker up`" in app.info[0].value
