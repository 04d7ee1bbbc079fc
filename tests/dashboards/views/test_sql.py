"""The page of SQL: a link shows its query and runs it, within limits; what comes back is text, rows and a chart."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from tests.support.app_page import page_text
from tests.support.warehouse_file import read_rows
from tracker.warehouse.sql_files import Example, examples

Opener = Callable[..., AppTest]
PAGE = "views/sql.py"

BY_ORIGIN = """-- Who is ahead?
select origin, sum(downloads_30d)::bigint as downloads
from origin_days
where lens = 'publisher' and day = (select last_day from build)
group by all
order by downloads desc, origin"""


def result(app: AppTest) -> list[tuple[Any, ...]]:
    """The rows of the result; the first table of the page is the schema."""
    return list(app.dataframe[1].value.itertuples(index=False, name=None))


def spec(app: AppTest) -> dict[str, Any]:
    """The chart as it is drawn."""
    return dict(json.loads(app.get("vega_lite_chart")[0].proto.spec))


def test_without_a_query_it_says_what_to_do(open_page: Opener, simulated: Path) -> None:
    app = open_page(simulated, PAGE)
    assert [shown.value for shown in app.info] == ["Write a query, or choose an example."]
    assert not app.error and len(app.dataframe) == 1


def test_a_link_shows_its_query_and_what_it_gives(open_page: Opener, simulated: Path) -> None:
    app = open_page(simulated, PAGE, q=BY_ORIGIN)
    rows = read_rows(simulated, BY_ORIGIN)
    assert app.text_area(key="q").value == BY_ORIGIN
    assert result(app) == rows
    assert f"{len(rows)} rows in " in page_text(app)
    assert [shown.value.replace("\\", "") for shown in app.subheader] == ["Who is ahead?"]
    assert f"Bar chart of downloads by origin: {len(rows)} rows" in app.get("vega_lite_chart")[0].proto.alt


def test_a_query_runs_when_it_is_sent(open_page: Opener, simulated: Path) -> None:
    app = open_page(simulated, PAGE, q="select 1 as one")
    app.text_area(key="q").set_value("select 2 as two")
    app.button(key="FormSubmitter:ask-Run").click().run()
    assert result(app) == [(2,)]


@pytest.mark.parametrize("example", examples(), ids=lambda example: example.title[:40])
def test_every_example_fills_the_query_in_and_runs(open_page: Opener, simulated: Path, example: Example) -> None:
    app = open_page(simulated, PAGE)
    app.selectbox(key="example").set_value(example.title).run()
    assert not app.exception and not app.error
    assert app.text_area(key="q").value == example.sql
    assert len(result(app)) == len(read_rows(simulated, example.sql))
    assert app.subheader[0].value.replace("\\", "") == example.title


@pytest.mark.parametrize(
    ("query", "told"),
    [
        ("copy models to '/tmp/x.csv'", "COPY is refused"),
        ("attach '/tmp/x.duckdb' as x", "ATTACH is refused"),
        ("insert into build select * from build", "INSERT is refused"),
        ("set lock_configuration = false", "SET is refused"),
        ("select * from read_csv('/etc/passwd')", "only read the warehouse, no files and no network"),
        ("select * from read_text('https://huggingface.co/')", "only read the warehouse, no files and no network"),
        ("select getenv('HOME')", "getenv"),
        ("select 1; select 2", "One statement at a time"),
        ("select nonsense from models", "nonsense"),
        ("selec 1", "selec"),
        ("select repeat('x', 3_000_000_000)", "memory"),
    ],
)
def test_what_is_more_than_reading_is_refused_in_words(
    open_page: Opener, simulated: Path, query: str, told: str
) -> None:
    app = open_page(simulated, PAGE, q=query)
    assert not app.exception and len(app.dataframe) == 1
    assert told in app.error[0].value.replace("\\", "")
    assert "\n" not in app.error[0].value and "Traceback" not in page_text(app)


def test_the_place_of_an_error_in_the_query_is_shown(open_page: Opener, simulated: Path) -> None:
    app = open_page(simulated, PAGE, q="select day\nfrom from adoption_days")
    assert "LINE 2:" in app.code[0].value and app.code[0].value.rstrip().endswith("^")


def test_a_refused_query_is_asked_again_only_when_it_is_sent_again(open_page: Opener, own_simulated: Path) -> None:
    app = open_page(own_simulated, PAGE, q="select nonsense from models")
    first = app.session_state["refused"]
    app.run()
    assert app.session_state["refused"] is first and app.error
    app.button(key="FormSubmitter:ask-Run").click().run()
    assert app.session_state["refused"] is not first and app.error


def test_of_more_rows_than_the_limit_the_first_are_shown(open_page: Opener, simulated: Path) -> None:
    app = open_page(simulated, PAGE, q="select n::varchar as name from range(20_000) as t(n)")
    assert "The first 10,000 rows of more, in " in page_text(app)
    assert len(result(app)) == 10_000
    assert "Nothing to draw" in page_text(app)


def test_the_chart_of_a_link_is_restored(open_page: Opener, simulated: Path) -> None:
    query = "select day, origin, lens, sum(likes)::bigint as likes, count(*) as rows from origin_days group by all"
    app = open_page(simulated, PAGE, q=query, chart="Scatter", x="likes", y="rows", colour="lens")
    assert not app.exception
    drawn = spec(app)
    assert drawn["mark"]["type"] == "point"
    assert drawn["encoding"]["x"]["title"] == "likes"
    assert drawn["encoding"]["color"]["scale"]["domain"] in (["publisher", "root"], ["root", "publisher"])
    assert "rows by likes, coloured by lens." in page_text(app)


def test_a_chart_of_columns_that_are_not_there_is_the_usual_one(open_page: Opener, simulated: Path) -> None:
    app = open_page(simulated, PAGE, q=BY_ORIGIN, chart="Pie", x="nothing", y="<b>", colour="downloads")
    assert not app.exception
    assert "Bar chart of downloads by origin" in app.get("vega_lite_chart")[0].proto.alt


def test_another_query_with_other_columns_has_a_chart_of_its_own(open_page: Opener, simulated: Path) -> None:
    app = open_page(simulated, PAGE, q="select 1 as a, 2 as b, 3 as c", x="c", y="b")
    assert "Scatter chart of b by c" in app.get("vega_lite_chart")[0].proto.alt
    app.text_area(key="q").set_value(BY_ORIGIN)
    app.button(key="FormSubmitter:ask-Run").click().run()
    assert not app.exception
    assert "Bar chart of downloads by origin" in app.get("vega_lite_chart")[0].proto.alt
    app.selectbox(key="chart").set_value("scatter").run()
    assert "Scatter chart of downloads by origin" in app.get("vega_lite_chart")[0].proto.alt


def test_no_chart_is_a_choice(open_page: Opener, simulated: Path) -> None:
    app = open_page(simulated, PAGE, q=BY_ORIGIN, chart="No chart")
    assert not app.get("vega_lite_chart") and result(app)


def test_cells_and_names_of_columns_are_text(open_page: Opener, simulated: Path) -> None:
    query = (
        """select '<img src=x onerror=alert(1)>' as "<b>a</b>", 'https://example.org' as url, '[x](y)' as "a", 1 as n"""
    )
    app = open_page(simulated, PAGE, q=query)
    assert result(app) == [("<img src=x onerror=alert(1)>", "https://example.org", "[x](y)", 1)]
    configured = json.loads(app.dataframe[1].proto.columns)
    assert {configured[name]["type_config"]["type"] for name in ("<b>a</b>", "url", "a")} == {"text"}
    assert "<b>" not in app.caption[2].value and "\\<b\\>a\\</b\\>" in "".join(part.value for part in app.caption)


def test_a_long_query_fits_into_the_address(open_page: Opener, simulated: Path) -> None:
    query = "select 7 as n -- " + "x" * 8_000
    app = open_page(simulated, PAGE, q=query)
    assert result(app) == [(7,)] and app.query_params["q"] == query


def test_the_schema_is_told_table_by_table(open_page: Opener, simulated: Path) -> None:
    app = open_page(simulated, PAGE, about="crossovers")
    columns = "select column_name, comment from duckdb_columns() where table_name = 'crossovers' order by column_index"
    table = app.dataframe[0].value
    assert list(zip(table["column"], table["meaning"], strict=True)) == read_rows(simulated, columns)


def test_exports_of_simulated_data_say_so_in_their_names(open_page: Opener, simulated: Path) -> None:
    app = open_page(simulated, PAGE, q=BY_ORIGIN)
    names = {button.proto.id for button in app.get("download_button")}
    assert any("simulated-query-2026-11-20-parquet" in name for name in names)
    assert any("simulated-query-2026-11-20-csv" in name for name in names)
