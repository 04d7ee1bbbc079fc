"""The registry as Arrow tables."""

from datetime import date
from pathlib import Path

import pyarrow as pa
import pytest

from tracker.registry.entries import Registry
from tracker.registry.load import load
from tracker.registry.tables import tables

COLUMNS = {
    "origins": "code name region headline_place adjective",
    "labs": "lab name origin is_contested other_origin evidence",
    "organizations": "handle lab origin role since until successor is_contested other_origin evidence note",
    "families": "family name lab evidence compare_place",
    "family_patterns": "family lab pattern",
    "name_patterns": "family lab initials pattern",
    "generations": "family generation lab pattern released_on",
    "releases": "repo_id released_on evidence",
    "parameters": "repo_id params_total params_active evidence",
    "bases": "repo_id parent_ref relation evidence",
    "tasks": "pipeline_tag task_class modality",
    "libraries": "library_name task_class",
    "architectures": "architecture family lab",
    "events": "event_date kind title detail origin family evidence",
    "published": """
        figure source reference title scope definition period since until value unit as_published measure subject
        not_computable
        """,
    "bridges": "figure other_figure name counted_by place step",
    "axis_aliases": "axis pattern lab family is_open is_undisclosed is_mirror valid_from valid_until evidence",
}
TYPES = {
    "since": pa.date32(),
    "until": pa.date32(),
    "value": pa.float64(),
    "headline_place": pa.int8(),
    "compare_place": pa.int8(),
    "place": pa.int8(),
    "released_on": pa.date32(),
    "event_date": pa.date32(),
    "params_total": pa.int64(),
    "params_active": pa.int64(),
    "is_contested": pa.bool_(),
    "is_open": pa.bool_(),
    "is_undisclosed": pa.bool_(),
    "is_mirror": pa.bool_(),
    "valid_from": pa.date32(),
    "valid_until": pa.date32(),
}


@pytest.fixture(scope="module")
def registry() -> Registry:
    """The shipped registry."""
    return load()


def test_tables_have_their_columns_and_types(registry: Registry) -> None:
    made = tables(registry)
    assert {name: table.column_names for name, table in made.items()} == {n: c.split() for n, c in COLUMNS.items()}
    for table in made.values():
        assert {f.name: f.type for f in table.schema} == {n: TYPES.get(n, pa.string()) for n in table.column_names}


def test_unknown_is_null_not_empty(registry: Registry) -> None:
    for table in tables(registry).values():
        for column in table.columns:
            if column.type == pa.string():
                assert "" not in column.to_pylist()
    thudm = rows(registry, "organizations", "handle", "THUDM")
    assert [(row["until"], row["successor"], row["since"]) for row in thudm] == [(date(2025, 7, 28), "zai-org", None)]


def test_patterns_match_in_any_case(registry: Registry) -> None:
    assert [row["pattern"] for row in rows(registry, "family_patterns", "family", "gpt-oss")] == ["(?i)^gpt-oss-"]
    assert all(p.startswith("(?i)^") for p in tables(registry)["generations"].column("pattern").to_pylist())


def test_origin_is_the_country_of_lab_and_account(registry: Registry) -> None:
    assert [row["origin"] for row in rows(registry, "organizations", "handle", "Qwen")] == ["CN"]
    assert [row["is_contested"] for row in rows(registry, "organizations", "handle", "HuggingFaceTB")] == [True]
    assert [row["origin"] for row in rows(registry, "labs", "lab", "alibaba")] == ["CN"]


def test_base_has_one_row_per_parent(tmp_path: Path) -> None:
    (tmp_path / "bases.toml").write_text(
        '[[base]]\nrepo_id = "a/b"\nparents = ["a/c", "a/d"]\nrelation = "merge"\nevidence = "x"\n', encoding="utf-8"
    )
    made = rows(load(tmp_path), "bases", "repo_id", "a/b")
    assert [(row["parent_ref"], row["relation"]) for row in made] == [("a/c", "merge"), ("a/d", "merge")]


def rows(registry: Registry, table: str, column: str, value: str) -> list[dict[str, object]]:
    """The rows of a table where a column has a value."""
    return [row for row in tables(registry)[table].to_pylist() if row[column] == value]
