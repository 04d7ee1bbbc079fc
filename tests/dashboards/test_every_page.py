"""What holds for every page, over a simulated warehouse with all its tables."""

from collections.abc import Callable
from pathlib import Path

import duckdb
import pytest
from streamlit.testing.v1 import AppTest

from dashboards.navigation import ENTRIES, Entry
from tests.support.app_page import page_text

Opener = Callable[..., AppTest]
PAGES = {entry.view: entry for entry in ENTRIES}


def views() -> set[str]:
    return {path.stem for path in (Path(__file__).parents[2] / "dashboards" / "views").glob("[!_]*.py")}


def test_every_view_stands_in_the_menu_once() -> None:
    assert sorted(entry.view for entry in ENTRIES) == sorted(views())
    assert len({entry.url_path for entry in ENTRIES}) == len(ENTRIES)


@pytest.mark.parametrize("entry", ENTRIES, ids=list(PAGES))
def test_it_opens_with_a_title_the_standing_and_the_label(open_page: Opener, simulated: Path, entry: Entry) -> None:
    app = open_page(simulated, f"views/{entry.view}.py")
    assert not app.exception
    assert len(app.title) == 1
    assert "Simulated data" in app.markdown[0].value
    assert app.caption[0].value.replace("\\", "").startswith("As of 20 Nov 2026: ")
    assert "cannot be read" not in page_text(app)


def test_every_page_is_opened_by_its_file_and_has_a_question_of_its_own(open_page: Opener, simulated: Path) -> None:
    titles = [open_page(simulated, f"views/{entry.view}.py").title[0].value for entry in ENTRIES]
    assert len(set(titles)) == len(ENTRIES)


@pytest.mark.parametrize("entry", ENTRIES, ids=list(PAGES))
def test_every_chart_has_words_for_those_who_do_not_see_it(open_page: Opener, simulated: Path, entry: Entry) -> None:
    app = open_page(simulated, f"views/{entry.view}.py")
    charts = app.get("vega_lite_chart")
    assert all(len(chart.proto.alt) > 20 for chart in charts)
    captions = [part.value.replace("\\", "") for part in app.caption]
    footnotes = [text for text in captions if "Source: Hugging Face Hub counters" in text]
    assert len(footnotes) >= len(charts)
    assert all(note.startswith("Simulated data") for note in footnotes)


@pytest.mark.parametrize("entry", ENTRIES, ids=list(PAGES))
def test_without_a_warehouse_it_says_what_to_run(open_page: Opener, tmp_path: Path, entry: Entry) -> None:
    app = open_page(tmp_path, f"views/{entry.view}.py")
    assert not app.exception
    assert "`tracker demo`" in app.info[0].value and "`tracker up`" in app.info[0].value


@pytest.mark.parametrize("entry", ENTRIES, ids=list(PAGES))
def test_a_warehouse_without_rows_gives_a_sentence(open_page: Opener, own_simulated: Path, entry: Entry) -> None:
    with duckdb.connect(str(own_simulated / "tracker.duckdb")) as connection:
        tables = connection.execute(
            "select table_name from duckdb_tables() where schema_name = 'main' and table_name != 'build'"
        ).fetchall()
        for (table,) in tables:
            connection.execute(f"delete from {table}")
    app = open_page(own_simulated, f"views/{entry.view}.py")
    assert not app.exception
    assert app.title and (app.info or len(page_text(app)) > 200)
