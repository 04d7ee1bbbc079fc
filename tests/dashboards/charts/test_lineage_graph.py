"""The lineage graph: positions of nodes, links, names, shapes and colours."""

from typing import Any

import polars as pl
from hypothesis import given, settings
from hypothesis import strategies as st

from dashboards.charts import lineage_graph, lineage_layout
from dashboards.charts.lineage_layout import Node, Tree
from dashboards.text import lineage as words
from tests.dashboards.charts.test_lineage_layout import trees
from tests.support.examples import examples

NAMES = {"CN": "China", "US": "United States"}


def labelled(nodes: pl.DataFrame) -> pl.DataFrame:
    """The nodes with the labels of the graph."""
    ones = nodes.filter(~pl.col("key").str.starts_with("rest:"))["key"]
    details = pl.DataFrame(
        {"key": ones, "hub_id": ones, "repo_id": ones, "weight": 1.0, "publisher_origin": "CN", "is_listed": True},
        schema_overrides={"weight": pl.Float64},
    )
    below = details.drop("key")
    model = {"hub_id": "c", "repo_id": "a/centre", "publisher_origin": "US"}
    return words.node_labels(nodes, details.clear(), below, model, NAMES)


@settings(max_examples=examples(60), deadline=None)
@given(above=trees(10), below=trees(30), most=st.integers(5, 30))
def test_nodes_have_their_own_rows_with_bases_above(above: list[Node], below: list[Node], most: int) -> None:
    up, down = (lineage_layout.collapsed(side, "c", side, most) for side in (above, below))
    nodes = lineage_graph.placed("c", 5, up, down)
    assert nodes["row"].n_unique() == nodes.height
    assert nodes["row"].to_list() == sorted(nodes["row"])
    rows = dict(
        nodes.group_by("side").agg(pl.col("row").min(), high=pl.col("row").max()).select("side", "high").iter_rows()
    )
    assert rows["centre"] == 0 and rows.get("above", -1) < 0
    assert nodes.filter((pl.col("side") == "below") & (pl.col("row") <= 0)).is_empty()
    assert nodes.filter(pl.col("side") != "centre").filter(pl.col("x") != pl.col("parent_x") + 1).is_empty()
    assert nodes.filter(pl.col("side") == "below")["count"].sum() == len(below)


def spec(nodes: pl.DataFrame) -> dict[str, Any]:
    graph = lineage_graph.graph(labelled(nodes), words.colours(NAMES), words.relations_drawn())
    return graph.altair().to_dict()


def test_graph_has_names_figures_shapes_and_colours() -> None:
    nodes = [Node("a", "c", "quantized", 1, 1_234), Node("b", "a", "merge", 2, None), Node("d", "c", "merge", 1, 7)]
    drawn = spec(lineage_graph.placed("c", None, Tree(), lineage_layout.collapsed(nodes, "c", nodes[:2], 5)))
    data = [row for rows in drawn["datasets"].values() for row in rows]
    assert {row["label"] for row in data if "label" in row} == {"a/centre", "a", "b", "1 merge"}
    assert {row["figure"] for row in data if "figure" in row} == {"unknown", "1.23K", "7"}
    [marks] = [layer for layer in drawn["layer"] if layer["mark"].get("type") == "point"]
    assert marks["encoding"]["color"]["scale"]["domain"] == ["China", "United States"]
    assert marks["encoding"]["shape"]["scale"]["domain"] == ["No known base", "Quantized", "Merge"]


def test_shape_of_a_base_is_its_own_relation() -> None:
    above = [Node("a", "c", "quantized", 1, 3), Node("b", "a", "merge", 2, None)]
    nodes = lineage_graph.placed("c", 5, lineage_layout.collapsed(above, "c", above, 9), Tree())
    assert dict(nodes.select("key", "relation").iter_rows()) == {"b": "root", "a": "merge", "c": "quantized"}


def test_node_with_unknown_downloads_is_drawn() -> None:
    drawn = spec(lineage_graph.placed("c", None, Tree(), Tree()))
    assert [row["used"] for rows in drawn["datasets"].values() for row in rows if "used" in row] == [0]


def test_model_without_lineage_is_one_node() -> None:
    nodes = lineage_graph.placed("c", 3, Tree(), Tree())
    assert nodes.height == 1
    assert len(spec(nodes)["layer"]) == 7
    assert lineage_graph.described(labelled(nodes), "a/centre") == (
        "Lineage of a/centre: no bases and no descendants are known."
    )


def test_alternative_text_names_the_nearest() -> None:
    below = [Node("a", "c", "merge", 1, 9), Node("b", "a", "merge", 2, 3)]
    nodes = labelled(lineage_graph.placed("c", 3, Tree(), lineage_layout.collapsed(below, "c", below, 9)))
    assert lineage_graph.described(nodes, "a/centre") == "Lineage of a/centre: with built on it 2, nearest a."
