"""The page Method: tables and columns with comments, glossary, check of the colours, how to cite."""

from collections.abc import Callable
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from dashboards.charts import colours
from tests.support.app_page import page_text
from tests.support.warehouse_file import read_rows
from tracker.warehouse.documents import parse_glossary
from tracker.warehouse.sql_files import FOLDER

Opener = Callable[..., AppTest]
PAGE = "views/method.py"


RELATIONS = """
select case schema_name when 'main' then table_name else 'steps.' || table_name end as name, comment
from (
    select schema_name, table_name, comment from duckdb_tables()
    union all
    select schema_name, view_name, comment from duckdb_views() where not internal
)
where schema_name in ('main', 'steps')
order by schema_name, table_name
"""
"""Tables and views, then those that are only steps to others."""


def test_tables_are_listed_with_their_grain(view_page: Opener, simulated: Path) -> None:
    table = view_page(simulated, PAGE).dataframe[0].value
    tables = read_rows(simulated, RELATIONS)
    assert list(zip(table["table"], table["meaning"], strict=True)) == tables
    questions = dict(zip(table["table"], table["question"], strict=True))
    assert (
        questions["crossovers"] == "When did one country last pass another, with an interval, and does it still lead?"
    )
    assert questions["models_now"].startswith("Which repositories are listed now")
    assert questions["family_days"].startswith("How much is each lab, family and generation used")


def test_table_shows_header_query_and_columns(view_page: Opener, simulated: Path) -> None:
    app = view_page(simulated, PAGE, table="momentum")
    columns = "select column_name, comment from duckdb_columns() where table_name = 'momentum' order by column_index"
    table = app.dataframe[0].value
    assert list(zip(table["column"], table["meaning"], strict=True)) == read_rows(simulated, columns)
    file = (FOLDER / "marts" / "momentum" / "momentum.sql").read_text()
    assert file.splitlines()[0].removeprefix("-- ") in page_text(app)
    assert "One row for each: hub_id, age_days." in page_text(app)
    assert app.code[0].value.strip() == "\n".join(
        line for line in file.strip().splitlines() if not line.startswith("--")
    )


def test_search_ignores_case_in_names_and_meanings(view_page: Opener, simulated: Path) -> None:
    table = view_page(simulated, PAGE, find="HERFINDAHL").dataframe[0].value
    assert set(table["column"]) == {"hhi"}
    found = read_rows(
        simulated,
        "select case schema_name when 'main' then '' else 'steps.' end || table_name, column_name "
        "from duckdb_columns() where schema_name in ('main', 'steps') "
        "and concat_ws(' ', table_name, column_name, comment) "
        "ilike '%gguf%' order by schema_name, table_name, column_index",
    )
    table = view_page(simulated, PAGE, find="gguf").dataframe[0].value
    assert list(zip(table["table"], table["column"], strict=True)) == found


@pytest.mark.parametrize("text", ["%", "a' or 1=1 --", "(.*)"])
def test_search_takes_patterns_literally(view_page: Opener, simulated: Path, text: str) -> None:
    app = view_page(simulated, PAGE, find=text)
    assert not app.exception
    shown = [row for frame in app.dataframe for row in frame.value["meaning"]]
    assert all(text in row for row in shown)
    assert shown or "No table or column matches." in page_text(app)


def test_glossary_shows_every_term_with_its_sql(view_page: Opener, simulated: Path) -> None:
    text = page_text(view_page(simulated, PAGE, chapter="Glossary"))
    assert "**Quantized copy** (`layer = 'repackaged'`): A quantized or converted copy of a model, by anyone." in text
    terms = parse_glossary((FOLDER / "glossary.toml").read_text()).terms
    assert f"\n{text}".count("\n- **") == len(terms)


def test_changes_are_dated(view_page: Opener, simulated: Path) -> None:
    app = view_page(simulated, PAGE, chapter="Changes")
    assert "**22 Nov 2026**: Attributed to base models, a root published by a repackager counts" in page_text(app)
    titles = read_rows(
        simulated,
        "select title from events where kind in ('counting-rule', 'rollback', 'platform') "
        "order by event_date desc, title",
    )
    assert [(title,) for title in app.dataframe[0].value["title"]] == titles != []


def test_colours_are_checked_for_each_colour_vision(view_page: Opener, simulated: Path) -> None:
    app = view_page(simulated, PAGE, chapter="Colours")
    distances, contrasts = (frame.value for frame in app.dataframe)
    assert distances["vision"].tolist() == ["normal", "protanopia", "deuteranopia", "tritanopia"]
    assert (distances["distance"] > 12).all()
    assert contrasts["colour"].tolist() == list(colours.ORIGINS.values())
    assert (contrasts[["on_light", "on_dark"]] >= 3).all(axis=None)
    assert "normal: 30.2" in app.get("vega_lite_chart")[0].proto.alt


def test_citation_names_version_day_scope_and_lens(view_page: Opener, simulated: Path) -> None:
    app = view_page(simulated, PAGE, chapter="Sources and citing")
    [(program, registry)] = read_rows(simulated, "select program_version, registry_version from build")
    assert [block.value for block in app.code] == [
        f"Open Model Tracker {program} (registry {registry}), from counters of the Hugging Face Hub as of "
        f"20 Nov 2026. Scope: all public models of the Hub. Counted: language models, all model types. "
        f"Attributed to: {name}. Simulated data."
        for name in ("publisher", "base model")
    ]
    [source] = app.dataframe[0].value.to_dict("records")
    assert (source["source"], source["scope"], source["crawls"]) == ("crawl", "hub", 60)


def test_invalid_parameters_show_all_tables(view_page: Opener, simulated: Path) -> None:
    app = view_page(simulated, PAGE, table="<script>", chapter="none")
    assert not app.exception
    assert len(app.dataframe[0].value) == len(read_rows(simulated, RELATIONS))
