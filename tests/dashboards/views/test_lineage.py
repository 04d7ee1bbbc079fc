"""The page Lineage: graph and tables equal the warehouse, whatever a link requests."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import duckdb
import pytest
from streamlit.testing.v1 import AppTest

from dashboards.data import format
from tests.support.app_page import chart_records, page_text, with_names
from tests.support.warehouse_file import read_rows

Opener = Callable[..., AppTest]

PAGE = "views/lineage.py"
LARGEST = """
    select m.repo_id, m.hub_id, count(*), sum(c.downloads_30d)::bigint, sum(c.downloads_30d * l.weight)
    from lineage as l join models as m on m.hub_id = l.root_id
    join models as d on d.hub_id = l.hub_id
    left join latest_counts as c on c.hub_id = l.hub_id and d.is_listed
    where l.depth > 0 group by all order by count(*) desc, m.hub_id limit 1
"""


def nodes(app: AppTest) -> list[dict[str, Any]]:
    """The nodes of the graph as they reach the browser, in the order of their rows."""
    by_row: dict[int, dict[str, Any]] = {}
    for row in chart_records(app):
        if "label" in row:
            by_row[row["row"]] = by_row.get(row["row"], {}) | row
    return [by_row[row] for row in sorted(by_row)]


TABLES = {"roots": "root_ref", "links": "parent_ref", "built": "base"}
"""Table -> a column that no other table has."""


def table(app: AppTest, name: str) -> Any:
    """A table of the page."""
    [found] = [with_names(shown.value) for shown in app.dataframe if TABLES[name] in shown.value.columns]
    return found


def test_default_is_the_base_model_with_most_descendants(view_page: Opener, simulated: Path) -> None:
    [(name, _, descendants, downloads, credited)] = read_rows(simulated, LARGEST)
    app = view_page(simulated, PAGE)
    assert not app.exception
    assert app.selectbox(key="model").value == name
    text = page_text(app)
    assert f"{descendants} models descend from it, with {format.compact(downloads)} 30-day downloads; by weight it is "
    assert f"by weight, {format.compact(credited)} of these are credited to it." in text
    assert f"Lineage of {name}" in text


def test_descendants_are_drawn_or_counted(view_page: Opener, simulated: Path) -> None:
    [(_, _, descendants, _, _)] = read_rows(simulated, LARGEST)
    app = view_page(simulated, PAGE)
    assert f"with built on it {descendants}, nearest" in app.get("vega_lite_chart")[0].proto.alt
    drawn = nodes(app)
    assert 20 < len(drawn) <= 60 and drawn[0]["figure"] != ""
    assert [node["row"] for node in drawn] == list(range(len(drawn)))


def test_tables_equal_the_warehouse(view_page: Opener, simulated: Path) -> None:
    [(name, hub_id, descendants, *_)] = read_rows(simulated, LARGEST)
    app = view_page(simulated, PAGE, model=name)
    roots, built = table(app, "roots"), table(app, "built")
    assert (roots["root_ref"].tolist(), roots["weight"].tolist()) == ([name], [100.0])
    assert len(built) == descendants <= 100
    weights = dict(
        read_rows(simulated, "select repo_id, weight from lineage join models using (hub_id) where root_id = ?", hub_id)
    )
    assert {row["repo_id"]: row["weight"] for _, row in built.iterrows()} == pytest.approx(
        {repo_id: 100 * weight for repo_id, weight in weights.items() if repo_id != name}
    )


def test_merge_lists_all_base_models_with_weights(view_page: Opener, simulated: Path) -> None:
    merge, hub_id = read_rows(
        simulated, "select repo_id, hub_id from lineage join models using (hub_id) group by all having count(*) > 1 "
        "order by count(*) desc, hub_id limit 1",
    )[0]  # fmt: skip
    expected = read_rows(
        simulated, "select root_ref, weight from lineage where hub_id = ? order by weight desc, root_ref", hub_id
    )
    app = view_page(simulated, PAGE, model=merge)
    roots = table(app, "roots")
    assert list(zip(roots["root_ref"], roots["weight"], strict=True)) == [
        (ref, pytest.approx(100 * w)) for ref, w in expected
    ]
    assert f"Base models by weight: {expected[0][0]} ({format.percent(expected[0][1], 0)})" in page_text(app)


REASONS = ("names itself as its base", "closes a cycle: this base is newer than the repository built on it")


@pytest.mark.parametrize(("because", "end"), [(REASONS[0], "child_id"), (REASONS[1], "parent_id")])
def test_unused_link_is_listed_at_both_ends(open_page: Opener, own_simulated: Path, because: str, end: str) -> None:
    [(child,), (parent,)] = read_rows(own_simulated, "select hub_id from models order by hub_id limit 2")
    with duckdb.connect(str(own_simulated / "tracker.duckdb")) as connection:
        link = [child, parent, "=a/base", "merge", "tag", "name", False, because]
        connection.execute("insert into edges values (?, ?, ?, ?, ?, ?, ?, ?)", link)
    here = child if end == "child_id" else parent
    names = dict(read_rows(own_simulated, "select hub_id, repo_id from models"))
    links = table(open_page(own_simulated, PAGE, model=names[here]), "links")
    [row] = links[links["parent_ref"] == "=a/base"].to_dict("records")
    assert (row["child"], row["parent"], row["relation"]) == (names[child], names[parent], "Merge")
    assert (row["used"], row["not_used_because"]) == ("Not used", because)


def test_cycle_in_used_links_terminates(open_page: Opener, own_simulated: Path) -> None:
    [(name, hub_id, *_)] = read_rows(own_simulated, LARGEST)
    [(child, called)] = read_rows(
        own_simulated, "select child_id, repo_id from used_edges join models on models.hub_id = child_id "
        "where parent_id = ? order by child_id limit 1", hub_id,
    )  # fmt: skip
    with duckdb.connect(str(own_simulated / "tracker.duckdb")) as connection:
        connection.execute("insert into steps.used_edges values (?, ?, 'x', 'merge', 1.0)", [hub_id, child])
        connection.execute("insert into steps.used_edges values (?, ?, 'y', 'merge', 1.0)", [hub_id, hub_id])
    app = open_page(own_simulated, PAGE, model=name)
    assert not app.exception
    assert f"built from 1, nearest {called};" in app.get("vega_lite_chart")[0].proto.alt


def test_link_restores_every_control(view_page: Opener, simulated: Path) -> None:
    app = view_page(simulated, PAGE, steps="1", least="1K", relation=["Quantized", "Merge"])
    assert not app.exception
    chosen = {control.key: control.value for control in app.button_group}
    assert (chosen["steps"], chosen["least"], chosen["relation"]) == ("1", "1000", ["quantized", "merge"])
    assert (
        "Only descendants within 1 step by quantized or merge. Shown by name: models with at least 1,000"
        in page_text(app)
    )
    assert all(node["x"] <= 1 for node in nodes(app))


def test_link_may_name_a_model_outside_the_list(open_page: Opener, simulated: Path) -> None:
    [(name,)] = read_rows(
        simulated, "select repo_id from models left join lineage on root_id = models.hub_id "
        "where root_id is null order by models.hub_id limit 1",
    )  # fmt: skip
    app = open_page(simulated, PAGE, model=name)
    assert not app.exception
    assert app.selectbox(key="model").value == name
    assert app.run().selectbox(key="model").value == name


def test_search_shows_the_most_used_match(view_page: Opener, simulated: Path) -> None:
    [(name,)] = read_rows(
        simulated, "select repo_id from models left join latest_counts using (hub_id) where repo_id ilike '%qwen%' "
        "order by downloads_30d desc nulls last, repo_id limit 1",
    )  # fmt: skip
    app = view_page(simulated, PAGE, find="QWEN")
    assert app.selectbox(key="model").value == name
    assert all("qwen" in option.lower() for option in app.selectbox(key="model").options)
    assert "No model matches" in page_text(view_page(simulated, PAGE, find="%' or 1=1 --"))


def test_new_search_replaces_the_model(open_page: Opener, simulated: Path) -> None:
    app = open_page(simulated, PAGE)
    shown = app.selectbox(key="model").value
    [(other,)] = read_rows(
        simulated, "select repo_id from models where repo_id != ? order by hub_id desc limit 1", shown
    )
    app = app.text_input(key="find").set_value(other).run()
    assert not app.exception
    assert app.selectbox(key="model").value == other == app.session_state["model"]


def test_graph_is_clickable(view_page: Opener, simulated: Path) -> None:
    app = view_page(simulated, PAGE)
    [chart] = app.get("vega_lite_chart")
    assert json.loads(chart.proto.spec)["params"][0]["name"] == "picked"
    assert list(chart.proto.selection_mode) == ["picked"]


def test_selected_model_becomes_the_centre(open_page: Opener, simulated: Path) -> None:
    app = open_page(simulated, PAGE, find="qwen")
    other = app.selectbox(key="other")
    expected = other.options[0]
    app = other.select(expected).run()
    assert not app.exception
    assert app.selectbox(key="model").value == expected
    assert app.text_input(key="find").value == ""


@pytest.mark.parametrize(
    ("nonsense", "sentence"),
    [
        ({"model": "no/such"}, "Unknown in the address: Model “no/such”. Shown instead: {}."),
        (
            {"steps": "99", "least": "x"},
            "Unknown in the address: Steps “99”, 30-day downloads at least “x”. Shown instead: All, Any.",
        ),
        ({"model": "<b>[x](y)"}, "Unknown in the address: Model “<b>[x](y)”. Shown instead: {}."),
    ],
)
def test_invalid_parameters_fall_back_to_defaults(
    view_page: Opener, simulated: Path, nonsense: dict[str, str], sentence: str
) -> None:
    app = view_page(simulated, PAGE, **nonsense)
    assert not app.exception
    largest = read_rows(simulated, LARGEST)[0][0]
    assert app.selectbox(key="model").value == largest
    assert [warning.value for warning in app.warning] == [format.escape_markdown(sentence.format(largest))]


def test_no_relation_shows_only_the_bases(open_page: Opener, simulated: Path) -> None:
    app = open_page(simulated, PAGE)
    relations = next(control for control in app.button_group if control.key == "relation")
    app = relations.set_value([]).run()
    assert not app.exception
    assert "No relation is selected, so no descendants are shown." in page_text(app)


def test_hostile_names_stay_text(open_page: Opener, own_simulated: Path) -> None:
    [(_, hub_id, *_)] = read_rows(own_simulated, LARGEST)
    name = "a/[x](javascript:alert(1))<b>"
    with duckdb.connect(str(own_simulated / "tracker.duckdb")) as connection:
        connection.execute("update models set repo_id = ? where hub_id = ?", [name, hub_id])
    app = open_page(own_simulated, PAGE, model=name)
    assert not app.exception
    for part in (*app.markdown, *app.subheader):
        assert "[x](java" not in part.value and "<b>" not in part.value.replace("\\<b\\>", "")


def test_delisted_model_has_unknown_downloads(open_page: Opener, own_simulated: Path) -> None:
    [(name, hub_id, *_)] = read_rows(own_simulated, LARGEST)
    with duckdb.connect(str(own_simulated / "tracker.duckdb")) as connection:
        connection.execute("update models set is_listed = false where hub_id = ?", [hub_id])
    app = open_page(own_simulated, PAGE, model=name)
    [centre] = [node for node in nodes(app) if node["row"] == 0]
    assert centre["figure"] == "unknown"
