"""Headline, labels and filters of the lineage page."""

from typing import Any

import polars as pl
import pytest

from dashboards.charts.lineage_layout import ANY
from dashboards.text import lineage as words

NAMES = {"CN": "China", "US": "United States", "PL": "Poland"}
MODEL = {
    "hub_id": "h", "repo_id": "Qwen/Qwen3-8B", "publisher_origin": "CN", "lab": "Alibaba", "layer": "release",
    "is_listed": True, "downloads_30d": 1_234_567,
}  # fmt: skip


def roots(*rows: tuple[str, float, int]) -> pl.DataFrame:
    return pl.DataFrame(list(rows), schema=["root_ref", "weight", "depth"], orient="row")


def built(*rows: tuple[int | None, float | None]) -> pl.DataFrame:
    schema = {"downloads_30d": pl.Int64, "credited_30d": pl.Float64}
    return pl.DataFrame(list(rows), schema=schema, orient="row")


CASES: list[tuple[dict[str, Any], pl.DataFrame, pl.DataFrame, str, str]] = [
    (
        {}, roots(("Qwen/Qwen3-8B", 1.0, 0)), built((1_000, 500.0), (None, None)), "",
        "Qwen/Qwen3-8B, an original model by Alibaba (China), has 1.23M 30-day downloads. It has no known "
        "base, so it counts as its own base model. 2 models descend from it, with 1.00K 30-day downloads; by weight, "
        "500 of these are credited to it.",
    ),
    (
        {"layer": "derivative", "lab": None, "publisher_origin": "unaffiliated", "downloads_30d": None},
        roots(("a/x", 0.5, 2), ("a/y", 0.25, 1), ("a/z", 0.125, 1), ("a/w", 0.125, 3)), built(), "within 2 steps",
        "Qwen/Qwen3-8B, a fine-tune by an account outside the registry, has no known 30-day downloads. Base "
        "models by weight: a/x (50%), a/y (25%), a/z (12%) and 1 more. No model is known to be built on it "
        "within 2 steps.",
    ),
    (
        {}, roots(("Qwen/Qwen3-8B", 1.0, 0)), built((None, None)), "by merge",
        "Qwen/Qwen3-8B, an original model by Alibaba (China), has 1.23M 30-day downloads. It has no known "
        "base, so it counts as its own base model. 1 model descends from it by merge; their downloads are unknown.",
    ),
    (
        {"is_listed": False, "lab": None, "layer": "repackaged"}, roots(), built((5, 5.0)), "",
        "Qwen/Qwen3-8B, a quantized copy by an account of China, is no longer listed on the Hub. Its base "
        "models are unknown. 1 model descends from it, with 5 30-day downloads; by weight, 5 of these are credited "
        "to it.",
    ),
]  # fmt: skip


@pytest.mark.parametrize(
    ("change", "above", "below", "within", "expected"), CASES, ids=["root", "merge", "unknown", "gone"]
)
def test_headline(change: dict[str, Any], above: pl.DataFrame, below: pl.DataFrame, within: str, expected: str) -> None:
    assert words.headline({**MODEL, **change}, above, below, within, NAMES) == expected


@pytest.mark.parametrize(
    ("relation", "nearest", "count", "more", "side", "expected"),
    [
        ("finetune", 412, 412, True, "below", "412 more fine-tunes"),
        ("finetune", 1, 1, False, "below", "1 fine-tune"),
        ("quantized", 12, 4012, True, "below", "12 more quantized, 4,000 built on them"),
        ("copied", 2, 2, False, "below", "2 copied"),
        (ANY, 2, 7, True, "below", "7 more built on it"),
        (ANY, 2, 7, False, "above", "7 it is built from"),
        ("merge", 3, 5, True, "above", "3 more bases, 2 they are built from"),
        ("merge", 1, 1, False, "above", "1 base"),
    ],
)
def test_rest_label(relation: str, nearest: int, count: int, more: bool, side: str, expected: str) -> None:
    assert words.rest_label(relation, nearest, count, more, side) == expected


@pytest.mark.parametrize(
    ("relations", "steps", "expected"),
    [
        (tuple(words.RELATIONS), "all", ""),
        (tuple(words.RELATIONS), "1", "within 1 step"),
        (("merge", "adapter"), "2", "within 2 steps by merge or adapter"),
    ],
)
def test_filters_text(relations: tuple[str, ...], steps: str, expected: str) -> None:
    assert words.filters_text(relations, steps) == expected
    assert (f"Only descendants {expected}." in words.subtitle(expected, 0)) == bool(expected)


def test_origins_without_a_colour_are_combined() -> None:
    assert words.legend_origin("CN", NAMES) == "China"
    assert words.legend_origin("PL", NAMES) == "Other origins"
    assert words.legend_origin(None, NAMES) == "Origin unknown"
    assert {words.legend_origin(code, NAMES) for code in ("CN", "PL", None)} <= set(words.colours(NAMES))


def test_click_outside_the_nodes_selects_nothing() -> None:
    assert words.selected_model({"selection": {}}) is None
    assert words.selected_model({"selection": {"picked": [{"name": "a/b"}]}}) == "a/b"


def test_descendants_heading() -> None:
    assert words.descendants_heading(412, 100) == "The 100 most used of 412 descendants"
    assert words.descendants_heading(12, 100) == "Descendants"


def test_stored_names_keep_the_order_of_the_graph() -> None:
    names = [f"a/{number * 7919 % 101}" for number in range(60)]
    drawn = ["Qwen/Qwen3-8B", *names, names[0], "x/gone"]
    frame = pl.DataFrame({"name": drawn, "is_held": [name != "x/gone" for name in drawn]})
    assert words.stored_names(frame, "Qwen/Qwen3-8B") == names
