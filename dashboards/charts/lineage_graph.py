"""The lineage graph of a repository: base models above it, derivatives below."""

from collections.abc import Iterator, Mapping
from typing import Literal

import altair as alt
import polars as pl

from dashboards.charts import lineage_layout
from dashboards.charts.colours import GREY
from dashboards.charts.figure import Layered
from dashboards.charts.lineage_layout import Node, Remainder, Tree

ROW = 22
"""Pixels from one row to the next."""

PICKED = "picked"
"""Name of the selection of the clicked node."""

ROOT = "root"
"""Relation of a model without a known base."""

_SHAPES = {
    ROOT: "circle", "finetune": "circle", "adapter": "triangle-up", "quantized": "square", "merge": "diamond",
    "unknown": "cross",
}  # fmt: skip
_FIGURES, _LABEL_STEPS, _LEGEND = 66, 5, 30
_LABEL_LIMIT = f"max(40, width - scale('x', datum.x) - {_FIGURES + 16})"

NODES = {
    "key": pl.String,
    "side": pl.String,
    "relation": pl.String,
    "x": pl.Int64,
    "row": pl.Int64,
    "parent_x": pl.Int64,
    "parent_row": pl.Int64,
    "downloads": pl.Int64,
    "count": pl.Int64,
    "nearest": pl.Int64,
}
"""Columns of `placed`, a row per node: `count` repositories, of which `nearest` are directly linked to the parent."""


def placed(centre: str, downloads: int | None, above: Tree, below: Tree) -> pl.DataFrame:
    """The positions of each node and its parent: the centre at row 0, steps to the right, base models above."""
    itself = (centre, "centre", ROOT, 0, 0, 0, 0, downloads, 1, 1)
    nodes = [*_side(above, centre, "above", -1), itself, *_side(below, centre, "below", 1)]
    frame = pl.DataFrame(nodes, schema=NODES, orient="row")
    # A link has the relation of the derived model, which above the centre is the nearer one.
    comes_by = {base.parent: base.relation for base in reversed(above.named)}
    own = pl.Series([comes_by.get(key, ROOT) for key in frame["key"]], dtype=pl.String)
    is_base = (pl.col("side") != "below") & ~pl.col("key").str.starts_with("rest:")
    return frame.with_columns(relation=pl.when(is_base).then(own).otherwise("relation"))


def graph(nodes: pl.DataFrame, colours: Mapping[str, str], relations: Mapping[str, str]) -> Layered:
    """The nodes with their names, links to their parents, and figures at the right edge.

    `nodes` has the columns of `placed` and label, figure, name, origin, exact, credit; `colours` is origin name ->
    colour, `relations` is relation -> name.
    """
    deepest = int(nodes["x"].max() or 0)  # type: ignore[arg-type]
    x = alt.X("x:Q", axis=None, scale=alt.Scale(domain=[-0.4, deepest + max(_LABEL_STEPS, 8 - deepest)], nice=False))
    top, bottom = int(nodes["row"].min() or 0), int(nodes["row"].max() or 0)  # type: ignore[arg-type]
    y = alt.Y("row:Q", axis=None, scale=alt.Scale(domain=[bottom + 0.7, top - 0.7], nice=False))
    named = nodes.filter(~pl.col("key").str.starts_with("rest:")).with_columns(
        pl.col("relation").replace(relations), used=pl.col("downloads").fill_null(0)
    )
    layers = [
        _band(y),
        _links(nodes, x, y),
        _marks(named, x, y, colours, relations),
        *_words(nodes, x, y),
    ]
    legend = _LEGEND * -(-named["origin"].n_unique() // 3)
    return Layered(layers, ROW * (bottom - top + 2) + legend)


def described(nodes: pl.DataFrame, name: str) -> str:
    """The alternative text: how many models are above and below, and the names of the nearest."""
    parts = []
    for side, what in (("above", "built from"), ("below", "with built on it")):
        near = nodes.filter((pl.col("side") == side) & (pl.col("x") == 1))
        if near.height:
            count = int(nodes.filter(pl.col("side") == side)["count"].sum())
            parts.append(f"{what} {count:,}, nearest {', '.join(near['label'].head(8))}")
    return f"Lineage of {name}: {'; '.join(parts) or 'no bases and no descendants are known'}."


def _side(tree: Tree, centre: str, side: str, direction: int) -> Iterator[tuple[object, ...]]:
    rows = lineage_layout.rows(tree, centre)
    steps = (
        {centre: 0}
        | {node.key: node.steps for node in tree.named}
        | {remainder.key: remainder.steps for remainder in tree.remainders}
    )
    nodes: list[tuple[Node | Remainder, int, int]] = [(node, 1, 1) for node in tree.named]
    nodes += [(remainder, remainder.count, remainder.nearest) for remainder in tree.remainders]
    for node, count, nearest in sorted(nodes, key=lambda item: direction * rows[item[0].key]):
        at, parent = direction * rows[node.key], node.parent
        position = (node.steps, at, steps[parent], direction * rows[parent])
        yield (node.key, side, node.relation, *position, node.downloads, count, nearest)


def _band(y: alt.Y) -> alt.Chart:
    frame = pl.DataFrame({"row": [-0.5], "end": [0.5]})
    band: alt.Chart = alt.Chart(frame).mark_rect(color=GREY, opacity=0.18).encode(y=y, y2=alt.Y2("end:Q"))
    return band


def _links(nodes: pl.DataFrame, x: alt.X, y: alt.Y) -> alt.Chart:
    """A vertical rule from each parent along its nodes, and a horizontal rule to each node."""
    linked = nodes.filter(pl.col("side") != "centre")
    across = linked.select(x=pl.col("parent_x"), x2=pl.col("x"), row=pl.col("row"), row2=pl.col("row"))
    reach = pl.col("row").sort_by((pl.col("row") - pl.col("parent_row")).abs()).last()
    along = linked.group_by("side", "parent_x", "parent_row").agg(reach)
    along = along.select(x=pl.col("parent_x"), x2=pl.col("parent_x"), row=pl.col("parent_row"), row2=pl.col("row"))
    rule = alt.Chart(pl.concat([across, along]).sort(pl.all())).mark_rule(color=GREY, opacity=0.7)
    links: alt.Chart = rule.encode(x=x, x2=alt.X2("x2:Q"), y=y, y2=alt.Y2("row2:Q"))
    return links


def _marks(
    named: pl.DataFrame, x: alt.X, y: alt.Y, colours: Mapping[str, str], relations: Mapping[str, str]
) -> alt.Chart:
    there = [origin for origin in colours if origin in set(named["origin"])]
    kinds = [kind for kind in _SHAPES if kind in relations and relations[kind] in set(named["relation"])]
    columns = alt.expr("width < 500 ? 2 : 6")
    legend = alt.Legend(title=None, orient="top", columns=columns, symbolStrokeWidth=0, labelFontSize=12, labelLimit=0)
    colour = alt.Color(
        "origin:N", legend=legend, scale=alt.Scale(domain=there, range=[colours[origin] for origin in there])
    )
    words = [relations[kind] for kind in kinds]
    shape = alt.Shape("relation:N", legend=None, scale=alt.Scale(domain=words, range=[_SHAPES[k] for k in kinds]))
    size = alt.Size("used:Q", legend=None, scale=alt.Scale(type="sqrt", range=[40, 260], domainMin=0))
    tips = [
        alt.Tooltip("name:N", title="Model"), alt.Tooltip("relation:N", title="Comes by"),
        alt.Tooltip("origin:N", title="Origin"), alt.Tooltip("exact:N", title="30-day downloads"),
        alt.Tooltip("credit:N", title="Weight"),
    ]  # fmt: skip
    picked = alt.selection_point(name=PICKED, fields=["name"], on="click", empty=False, toggle=False)
    marks = alt.Chart(named).mark_point(filled=True, opacity=1, cursor="pointer")
    drawn: alt.Chart = marks.encode(x=x, y=y, color=colour, shape=shape, size=size, tooltip=tips).add_params(picked)
    return drawn


def _words(nodes: pl.DataFrame, x: alt.X, y: alt.Y) -> Iterator[alt.Chart]:
    """Names right of the nodes, shortened on narrow screens, and figures at the right edge."""
    weights: tuple[Literal["bold", "normal"], ...] = ("bold", "normal")
    for weight in weights:
        chosen = nodes.filter((pl.col("x") == 0) == (weight == "bold"))
        base = alt.Chart(chosen.select("x", "row", "label", "figure", "name"))
        names = base.mark_text(align="left", dx=14, fontSize=12, fontWeight=weight, limit=alt.ExprRef(_LABEL_LIMIT))
        yield names.encode(x=x, y=y, text=alt.Text("label:N"), tooltip=alt.Tooltip("name:N", title="Model"))
        figures = base.mark_text(align="right", dx=-2, fontSize=12, fontWeight=weight)
        yield figures.encode(x=alt.XValue("width"), y=y, text=alt.Text("figure:N"))
