"""The page of one model: figures equal the warehouse, and are of that model alone."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from dashboards.data import format
from tests.support.app_page import page_text, with_names
from tests.support.warehouse_file import read_rows, run_sql

Opener = Callable[..., AppTest]
PAGE = "views/model.py"
BUSY = "Qwen/Qwen3-8B"


def table_with(app: AppTest, column: str) -> Any:
    """The table of the page that has this column."""
    return next(with_names(found.value) for found in app.dataframe if column in found.value.columns)


def chart_data(app: AppTest) -> list[dict[str, Any]]:
    """The rows of the chart."""
    chart = app.get("vega_lite_chart")[0].proto
    import pyarrow as pa

    data = chart.datasets[0].data.data if chart.datasets else chart.data.data
    rows: list[dict[str, Any]] = pa.ipc.open_stream(data).read_all().to_pylist()
    return rows


def test_counters_and_rank_are_of_the_last_reading(view_page: Opener, simulated: Path) -> None:
    sql = """
        select day, c.downloads_30d, c.downloads_all_time, c.likes, rank_30d
        from models join latest_counts as c using (hub_id) where repo_id = $1
    """
    [(day, month, ever, likes, rank)] = read_rows(simulated, sql, BUSY)
    [(listed,)] = read_rows(simulated, "select count(*) from models where is_listed")
    app = view_page(simulated, PAGE, model=BUSY)
    assert not app.exception
    assert app.title[0].value.replace("\\", "") == BUSY
    assert (
        f"On {format.day(day)}: {month:,} downloads in 30 days, {ever:,} since creation, {likes:,} likes; "
        f"rank {rank:,} of {listed:,} by 30-day downloads."
    ) in page_text(app)


def test_name_is_found_in_any_case(view_page: Opener, simulated: Path) -> None:
    assert view_page(simulated, PAGE, model=BUSY.upper()).title[0].value.replace("\\", "") == BUSY


def test_attributes_are_listed_with_their_reasons(view_page: Opener, simulated: Path) -> None:
    sql = """
        select publisher_because, layer_because, family_because, root_because, license, pipeline_tag, origins.name
        from models join memberships using (hub_id) join origins on code = publisher_origin where repo_id = $1
    """
    [(publisher, layer, family, root, licence, task, origin)] = read_rows(simulated, sql, BUSY)
    shown = table_with(view_page(simulated, PAGE, model=BUSY), "because").set_index("what")
    reasons = {"Origin": publisher, "Model type": layer, "Family": family, "Origin of the base model": root}
    assert {what: shown.loc[what, "because"] for what in reasons} == reasons
    assert shown.loc["Origin", "value"] == origin
    assert shown.loc["Licence", "value"] == (licence or "unknown")
    assert shown.loc["Task", "value"] == (task or "unknown")


def test_unknown_attributes_are_stated(open_page: Opener, own_simulated: Path) -> None:
    run_sql(
        own_simulated,
        f"""update models set params_total = null, params_active = null, params_source = null, size_bucket = null,
        pipeline_tag = null, license = null, library_name = null, created_at = null, released_on = null, family = null,
        generation = null, root_origin = null, root_family = null, is_mixed_origin = null where repo_id = '{BUSY}'""",
        f"delete from latest_counts where hub_id = (select hub_id from models where repo_id = '{BUSY}')",
    )
    app = open_page(own_simulated, PAGE, model=BUSY)
    assert not app.exception
    assert "No counter of this model has been read." in page_text(app)
    shown = table_with(app, "because").set_index("what")["value"]
    unknown = ["Size", "Size bucket", "Task", "Licence", "Library", "Created", "Released", "Mixed origin"]
    assert set(shown[unknown]) == {"unknown"}
    assert set(shown[["Origin of the base model", "Family of the base model"]]) == {
        "unknown, or its base models differ"
    }
    assert shown["Family"] == "None known"


def test_unused_base_is_listed_with_the_reason(view_page: Opener, simulated: Path) -> None:
    sql = "select repo_id, parent_ref, not_used_because from edges join models on hub_id = child_id where not is_used"
    [(child, parent, because), *_] = read_rows(simulated, sql)
    shown = table_with(view_page(simulated, PAGE, model=child), "parent_ref").set_index("parent_ref")
    assert shown.loc[parent, "used"] == f"Not used: {because}"


def test_base_models_have_weights(view_page: Opener, simulated: Path) -> None:
    [(merged, hub_id)] = read_rows(
        simulated,
        "select repo_id, hub_id from models join lineage using (hub_id) group by all having count(*) > 1 "
        "order by repo_id limit 1",
    )
    expected = read_rows(simulated, "select root_ref, weight from lineage where hub_id = $1 order by all", hub_id)
    shown = table_with(view_page(simulated, PAGE, model=merged), "weight")
    assert sorted(shown[["root_ref", "weight"]].itertuples(index=False, name=None)) == [
        (ref, 100 * weight) for ref, weight in expected
    ]
    assert sum(shown["weight"]) == pytest.approx(100)


def test_children_are_counted_and_the_first_50_listed(open_page: Opener, own_simulated: Path) -> None:
    # More children than are listed: every model without a base gets this one.
    run_sql(
        own_simulated,
        f"""insert into edges (child_id, parent_id, parent_ref, relation, is_used)
        select m.hub_id, p.hub_id, p.repo_id, 'finetune', true from models as m, models as p
        where p.repo_id = '{BUSY}' and m.hub_id not in (select child_id from edges) and m.hub_id != p.hub_id""",
    )
    sql = """
        select m.repo_id, count(*) over ()
        from edges join models as m on m.hub_id = child_id join models as p on p.hub_id = parent_id
        left join latest_counts as c on c.hub_id = child_id
        where p.repo_id = $1 and is_used order by c.downloads_30d desc nulls last, m.repo_id
    """
    expected = read_rows(own_simulated, sql, BUSY)
    assert len(expected) > 50
    app = open_page(own_simulated, PAGE, model=BUSY)
    assert f"{len(expected)} models made directly from it; the 50 most downloaded are shown." in page_text(app)
    shown = next(with_names(t.value) for t in app.dataframe if {"relation", "layer"} <= set(t.value.columns))
    assert shown["repo_id"].tolist() == [name for name, _ in expected[:50]]


def test_days_are_drawn_by_basis_of_the_estimate(view_page: Opener, simulated: Path) -> None:
    sql = """
        select day, downloads, basis from model_flows
        where hub_id = (select hub_id from models where repo_id = $1) order by day
    """
    expected = [(format.day(day), *rest) for day, *rest in read_rows(simulated, sql, BUSY)]
    app = view_page(simulated, PAGE, model=BUSY)
    assert [(row["date"], row["value"], row["basis"]) for row in chart_data(app)] == expected
    assert {basis for _, _, basis in expected} == {"read", "spread", "identity"}
    spec = app.get("vega_lite_chart")[0].proto.spec
    for words in ("Read: two daily readings", "Spread: evenly", "Before the first reading: from 30-day counts"):
        assert words in spec
    assert "Imported" not in spec


@pytest.mark.parametrize(
    ("label", "counter"),
    [("30-day downloads", "downloads_30d"), ("All-time downloads", "downloads_all_time"), ("Likes", "likes")],
)
def test_link_restores_the_counter(view_page: Opener, simulated: Path, label: str, counter: str) -> None:
    sql = f"""
        select day, {counter} from model_days
        where hub_id = (select hub_id from models where repo_id = $1) order by day
    """
    app = view_page(simulated, PAGE, model=BUSY, history=label)
    assert app.subheader[0].value.replace("\\", "") == f"{label} of {BUSY}"
    drawn = [(row["date"], row["value"]) for row in chart_data(app) if row["value"] is not None]
    assert drawn == [(format.day(day), value) for day, value in read_rows(simulated, sql, BUSY)]


def test_model_opens_on_the_first_known_history(open_page: Opener, own_simulated: Path) -> None:
    run_sql(own_simulated, "delete from model_flows")
    app = open_page(own_simulated, PAGE, model=BUSY)
    assert not app.exception
    assert app.subheader[0].value.replace("\\", "") == f"30-day downloads of {BUSY}"
    unknown = open_page(own_simulated, PAGE, model=BUSY, history="Daily downloads")
    assert "Daily downloads of this model are not known for any day." in page_text(unknown)


def test_data_issues_are_listed(view_page: Opener, simulated: Path) -> None:
    [(name, detail, handling)] = read_rows(
        simulated,
        "select repo_id, detail, handling from quality_events join models using (hub_id) where kind = 'rename' limit 1",
    )
    shown = table_with(view_page(simulated, PAGE, model=name), "handling")
    assert shown[["detail", "handling"]].values.tolist() == [[detail, handling]]
    assert "None for this model alone." in page_text(view_page(simulated, PAGE, model=BUSY))


@pytest.mark.parametrize(
    ("query", "sentence"),
    [
        ({}, "No model is selected. Enter a name"),
        ({"model": "nobody/nothing"}, "No model named nobody/nothing has been read."),
        ({"model": "%' or 1=1 --"}, "No model named %' or 1=1 -- has been read."),
        ({"model": "[x](javascript:alert(1))"}, "No model named [x](javascript:alert(1)) has been read."),
    ],
)
def test_unknown_model_says_what_to_do(
    view_page: Opener, simulated: Path, query: dict[str, str], sentence: str
) -> None:
    app = view_page(simulated, PAGE, **query)
    assert not app.exception
    assert app.title[0].value == "Model"
    assert sentence in page_text(app)


def test_hostile_name_stays_text_and_links_to_the_hub(open_page: Opener, own_simulated: Path) -> None:
    name = "someone/[x](javascript:alert(1))<b>"
    run_sql(own_simulated, f"update models set repo_id = '{name}' where repo_id = '{BUSY}'")
    app = open_page(own_simulated, PAGE, model=name)
    assert not app.exception
    assert app.title[0].value == format.escape_markdown(name)
    [button] = app.get("link_button")
    assert button.proto.url == "https://huggingface.co/someone/%5Bx%5D%28javascript%3Aalert%281%29%29%3Cb%3E"
