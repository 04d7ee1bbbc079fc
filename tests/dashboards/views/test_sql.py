"""The page SQL: a link restores its query and runs it within limits; the result is a table and a chart."""

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
    """The specification of the chart."""
    return dict(json.loads(app.get("vega_lite_chart")[0].proto.spec))


def test_empty_query_says_what_to_do(view_page: Opener, simulated: Path) -> None:
    app = view_page(simulated, PAGE)
    assert [shown.value for shown in app.info] == ["Write a query, or choose an example."]
    assert not app.error and len(app.dataframe) == 1


def test_link_restores_and_runs_its_query(view_page: Opener, simulated: Path) -> None:
    app = view_page(simulated, PAGE, q=BY_ORIGIN)
    rows = read_rows(simulated, BY_ORIGIN)
    assert app.text_area(key="q").value == BY_ORIGIN
    assert result(app) == rows
    assert f"{len(rows)} rows in " in page_text(app)
    assert [shown.value.replace("\\", "") for shown in app.subheader] == ["Who is ahead?"]
    assert f"Bar chart of downloads by origin: {len(rows)} rows" in app.get("vega_lite_chart")[0].proto.alt


def test_submitted_query_runs(open_page: Opener, simulated: Path) -> None:
    app = open_page(simulated, PAGE, q="select 1 as one")
    app.text_area(key="q").set_value("select 2 as two")
    app.button(key="FormSubmitter:ask-Run").click().run()
    assert result(app) == [(2,)]


@pytest.mark.parametrize(
    "example",
    [pytest.param(example, marks=pytest.mark.slow if number else ()) for number, example in enumerate(examples())],
    ids=lambda example: example.title[:40],
)
def test_example_fills_in_the_query_and_runs(open_page: Opener, simulated: Path, example: Example) -> None:
    app = open_page(simulated, PAGE)
    app.selectbox(key="example").set_value(example.title).run()
    assert not app.exception and not app.error
    assert app.text_area(key="q").value == example.sql
    assert len(result(app)) == len(read_rows(simulated, example.sql))
    assert app.subheader[0].value.replace("\\", "") == example.title


@pytest.mark.parametrize(
    ("query", "reason"),
    [
        ("copy models to '/tmp/x.csv'", "COPY is refused"),
        ("select * from read_csv('/etc/passwd')", "only read the warehouse, no files and no network"),
        ("select nonsense from models", "nonsense"),
    ],
)
def test_refused_query_shows_why(view_page: Opener, simulated: Path, query: str, reason: str) -> None:
    app = view_page(simulated, PAGE, q=query)
    assert not app.exception and len(app.dataframe) == 1
    assert reason in app.error[0].value.replace("\\", "")
    assert "\n" not in app.error[0].value and "Traceback" not in page_text(app)


def test_error_shows_its_place_in_the_query(view_page: Opener, simulated: Path) -> None:
    app = view_page(simulated, PAGE, q="select day\nfrom from adoption_days")
    assert "LINE 2:" in app.code[0].value and app.code[0].value.rstrip().endswith("^")


def test_refused_query_runs_again_only_when_submitted(open_page: Opener, own_simulated: Path) -> None:
    app = open_page(own_simulated, PAGE, q="select nonsense from models")
    first = app.session_state["refused"]
    app.run()
    assert app.session_state["refused"] is first and app.error
    app.button(key="FormSubmitter:ask-Run").click().run()
    assert app.session_state["refused"] is not first and app.error


def test_rows_beyond_the_limit_are_cut(view_page: Opener, simulated: Path) -> None:
    app = view_page(simulated, PAGE, q="select n::varchar as name from range(20_000) as t(n)")
    assert "The first 10,000 rows in " in page_text(app)
    assert len(result(app)) == 10_000
    assert "No chart: it needs" in page_text(app)


def test_link_restores_the_chart(view_page: Opener, simulated: Path) -> None:
    query = "select day, origin, lens, sum(likes)::bigint as likes, count(*) as rows from origin_days group by all"
    app = view_page(simulated, PAGE, q=query, chart="Scatter", x="likes", y="rows", colour="lens")
    assert not app.exception
    drawn = spec(app)
    assert drawn["mark"]["type"] == "point"
    assert drawn["encoding"]["x"]["title"] == "likes"
    assert drawn["encoding"]["color"]["scale"]["domain"] in (["publisher", "root"], ["root", "publisher"])
    assert "rows by likes, coloured by lens." in page_text(app)


def test_invalid_chart_falls_back_to_the_guess(view_page: Opener, simulated: Path) -> None:
    app = view_page(simulated, PAGE, q=BY_ORIGIN, chart="Pie", x="nothing", y="<b>", colour="downloads")
    assert not app.exception
    assert "Bar chart of downloads by origin" in app.get("vega_lite_chart")[0].proto.alt


def test_new_query_resets_the_chart(open_page: Opener, simulated: Path) -> None:
    app = open_page(simulated, PAGE, q="select 1 as a, 2 as b, 3 as c", x="c", y="b")
    assert "Scatter chart of b by c" in app.get("vega_lite_chart")[0].proto.alt
    app.text_area(key="q").set_value(BY_ORIGIN)
    app.button(key="FormSubmitter:ask-Run").click().run()
    assert not app.exception
    assert "Bar chart of downloads by origin" in app.get("vega_lite_chart")[0].proto.alt
    app.selectbox(key="chart").set_value("scatter").run()
    assert "Scatter chart of downloads by origin" in app.get("vega_lite_chart")[0].proto.alt


def test_chart_can_be_switched_off(view_page: Opener, simulated: Path) -> None:
    app = view_page(simulated, PAGE, q=BY_ORIGIN, chart="No chart")
    assert not app.get("vega_lite_chart") and result(app)


def test_cells_and_column_names_stay_text(view_page: Opener, simulated: Path) -> None:
    query = (
        """select '<img src=x onerror=alert(1)>' as "<b>a</b>", 'https://example.org' as url, '[x](y)' as "a", 1 as n"""
    )
    app = view_page(simulated, PAGE, q=query)
    assert result(app) == [("<img src=x onerror=alert(1)>", "https://example.org", "[x](y)", 1)]
    configured = json.loads(app.dataframe[1].proto.columns)
    assert {configured[name]["type_config"]["type"] for name in ("<b>a</b>", "url", "a")} == {"text"}
    assert "<b>" not in app.caption[1].value and "\\<b\\>a\\</b\\>" in "".join(part.value for part in app.caption)


def test_long_query_fits_into_the_url(view_page: Opener, simulated: Path) -> None:
    query = "select 7 as n -- " + "x" * 8_000
    app = view_page(simulated, PAGE, q=query)
    assert result(app) == [(7,)] and app.query_params["q"] == query


def test_schema_lists_the_columns_of_a_table(view_page: Opener, simulated: Path) -> None:
    app = view_page(simulated, PAGE, about="crossovers")
    columns = "select column_name, comment from duckdb_columns() where table_name = 'crossovers' order by column_index"
    table = app.dataframe[0].value
    assert list(zip(table["column"], table["meaning"], strict=True)) == read_rows(simulated, columns)


def test_file_names_of_simulated_data_say_so(open_page: Opener, simulated: Path) -> None:
    app = open_page(simulated, PAGE, q=BY_ORIGIN)
    names = {button.proto.id for button in app.get("download_button")}
    assert any("simulated-query-2026-11-20-parquet" in name for name in names)
    assert any("simulated-query-2026-11-20-csv" in name for name in names)
