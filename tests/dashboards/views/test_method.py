"""The page of method: every table and column with its comment, the glossary, the check of the colours, how to cite."""

from collections.abc import Callable
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from dashboards.charts import colours
from dashboards.text.documents import parse_glossary
from tests.support.app_page import page_text
from tests.support.warehouse_file import read_rows
from tracker.warehouse.sql_files import FOLDER

Opener = Callable[..., AppTest]
PAGE = "views/method.py"


def test_every_table_stands_with_what_a_row_is(open_page: Opener, simulated: Path) -> None:
    table = open_page(simulated, PAGE).dataframe[0].value
    tables = read_rows(
        simulated, "select table_name, comment from duckdb_tables() where schema_name = 'main' order by 1"
    )
    assert list(zip(table["table"], table["meaning"], strict=True)) == tables
    questions = dict(zip(table["table"], table["question"], strict=True))
    assert questions["crossovers"] == "When does one country pass another, with an interval?"
    assert questions["family_days"].startswith("How much is each lab, family and generation used")


def test_one_table_is_told_by_its_header_its_select_and_its_columns(open_page: Opener, simulated: Path) -> None:
    app = open_page(simulated, PAGE, table="momentum")
    columns = "select column_name, comment from duckdb_columns() where table_name = 'momentum' order by column_index"
    table = app.dataframe[0].value
    assert list(zip(table["column"], table["meaning"], strict=True)) == read_rows(simulated, columns)
    file = (FOLDER / "marts" / "momentum" / "momentum.sql").read_text()
    assert file.splitlines()[0].removeprefix("-- ") in page_text(app)
    assert "One row for each: hub_id, age_days." in page_text(app)
    assert app.code[0].value.strip() == "\n".join(
        line for line in file.strip().splitlines() if not line.startswith("--")
    )


def test_a_search_finds_names_and_meanings_whatever_their_case(open_page: Opener, simulated: Path) -> None:
    table = open_page(simulated, PAGE, find="HERFINDAHL").dataframe[0].value
    assert set(table["column"]) == {"hhi"}
    found = read_rows(
        simulated,
        "select table_name, column_name from duckdb_columns() where schema_name = 'main' "
        "and concat_ws(' ', table_name, column_name, comment) "
        "ilike '%gguf%' order by table_name, column_index",
    )
    table = open_page(simulated, PAGE, find="gguf").dataframe[0].value
    assert list(zip(table["table"], table["column"], strict=True)) == found


@pytest.mark.parametrize("text", ["%", "a' or 1=1 --", "(.*)"])
def test_signs_of_sql_and_patterns_are_searched_for_as_they_are(open_page: Opener, simulated: Path, text: str) -> None:
    app = open_page(simulated, PAGE, find=text)
    assert not app.exception
    shown = [row for frame in app.dataframe for row in frame.value["meaning"]]
    assert all(text in row for row in shown)
    assert shown or "No table or column matches." in page_text(app)


def test_glossary_shows_every_term_with_its_sql(open_page: Opener, simulated: Path) -> None:
    text = page_text(open_page(simulated, PAGE, chapter="Glossary"))
    assert "**Quantized copy** (`layer = 'repackaged'`): A quantized or converted copy of a model, by anyone." in text
    terms = parse_glossary((FOLDER / "glossary.toml").read_text()).terms
    assert f"\n{text}".count("\n- **") == len(terms)


def test_changes_of_meaning_and_of_the_hub_are_dated(open_page: Opener, simulated: Path) -> None:
    app = open_page(simulated, PAGE, chapter="Changes")
    assert "**22 Nov 2026**: Attributed to base models, a root held by a repackager" in page_text(app)
    titles = read_rows(
        simulated,
        "select title from events where kind in ('counting-rule', 'rollback', 'platform') "
        "order by event_date desc, title",
    )
    assert [(title,) for title in app.dataframe[0].value["title"]] == titles != []


def test_the_colours_are_checked_for_each_sight(open_page: Opener, simulated: Path) -> None:
    app = open_page(simulated, PAGE, chapter="Colours")
    distances, contrasts = (frame.value for frame in app.dataframe)
    assert distances["sight"].tolist() == ["normal", "protanopia", "deuteranopia", "tritanopia"]
    assert (distances["distance"] > 12).all()
    assert contrasts["colour"].tolist() == list(colours.ORIGINS.values())
    assert (contrasts[["on_light", "on_dark"]] >= 3).all(axis=None)
    assert "normal: 30.2" in app.get("vega_lite_chart")[0].proto.alt


def test_a_citation_names_version_day_scope_and_lens(open_page: Opener, simulated: Path) -> None:
    app = open_page(simulated, PAGE, chapter="Sources and citing")
    [(program, registry)] = read_rows(simulated, "select program_version, registry_version from build")
    assert [block.value for block in app.code] == [
        f"Open Model Tracker {program} (registry {registry}), from counters of the Hugging Face Hub as of "
        f"20 Nov 2026. Scope: all public models of the Hub. Lens: {lens}. Simulated data."
        for lens in ("publisher", "root")
    ]
    [source] = app.dataframe[0].value.to_dict("records")
    assert (source["source"], source["scope"], source["crawls"]) == ("crawl", "hub", 60)


def test_a_link_with_nonsense_shows_all_tables(open_page: Opener, simulated: Path) -> None:
    app = open_page(simulated, PAGE, table="<script>", chapter="none")
    assert not app.exception
    assert len(app.dataframe[0].value) == len(
        read_rows(simulated, "select 1 from duckdb_tables() where schema_name = 'main'")
    )
