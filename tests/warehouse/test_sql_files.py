"""SQL files: headers, layers, dependency cycles and order."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.support.database import in_memory
from tracker.database import Connection
from tracker.errors import DataError
from tracker.warehouse.sql_files import FOLDER, LAYERS, Check, ColumnComments, Incremental, Strategy, checks, models

GOOD = "-- A thing.\n-- grain: a, b\n"


@pytest.fixture
def connection() -> Iterator[Connection]:
    with in_memory() as connection:
        yield connection


@pytest.fixture
def write(tmp_path: Path) -> Callable[..., Path]:
    """Write files given as `layer__in__name`=text; return the folder."""

    def write(**files: str) -> Path:
        for name, text in files.items():
            path = tmp_path / f"{name.replace('__in__', '/')}.sql"
            path.parent.mkdir(exist_ok=True)
            path.write_text(text)
        return tmp_path

    return write


def test_models_are_ordered_by_dependency(connection: Connection, write: Callable[..., Path]) -> None:
    folder = write(
        marts__in__a=f"{GOOD}select a, b from b join core_z using (a)",
        marts__in__b=f"{GOOD}select * from (select a, b from core_z) where a in (select a from stg_y)",
        core__in__core_z=f"{GOOD}with a as (select 1) select a, b from stg_y cross join a",
        staging__in__stg_y=f"{GOOD}select a, b from lake_y",
    )
    found = models(connection, folder)
    assert [model.name for model in found] == ["stg_y", "core_z", "b", "a"]
    assert [model.layer for model in found] == ["staging", "core", "marts", "marts"]
    assert {model.name: model.reads for model in found} == {
        "stg_y": {"lake_y"},
        "core_z": {"stg_y"},
        "b": {"core_z", "stg_y"},
        "a": {"b", "core_z"},
    }
    assert {(model.about, model.grain) for model in found} == {("A thing.", ("a", "b"))}


HEADERS = [
    "",
    "select 1",
    "-- grain: a\n-- A thing.\nselect 1 as a",
    "-- A thing.\nselect 1 as a",
    "-- A thing.\n\n-- grain: a\nselect 1 as a",
    "--A thing.\n-- grain: a\nselect 1 as a",
    "-- A thing.\n-- severity: fail\nselect 1 as a",
]


@pytest.mark.parametrize("text", HEADERS)
def test_file_without_header_is_named(connection: Connection, write: Callable[..., Path], text: str) -> None:
    folder = write(core__in__core_a=text)
    with pytest.raises(DataError, match=r"core_a.sql:1: the first line must say what a row is, the second '-- grain"):
        models(connection, folder)


@pytest.mark.parametrize(
    "sql", ["create table x (a int)", "select from where", "insert into x values (1)", "pivot x on y"]
)
def test_file_that_is_not_a_select_is_named(connection: Connection, write: Callable[..., Path], sql: str) -> None:
    with pytest.raises(DataError, match=r"core_a.sql: .*(SELECT|syntax)"):
        models(connection, write(core__in__core_a=f"{GOOD}{sql}"))


@pytest.mark.parametrize(
    ("lower", "upper"), [("staging", "core"), ("staging", "marts"), ("core", "marts")], ids=lambda layer: str(layer)
)
def test_file_that_reads_a_later_layer_is_named(
    connection: Connection, write: Callable[..., Path], lower: str, upper: str
) -> None:
    files = {f"{lower}__in__low": f"{GOOD}select a, b from high", f"{upper}__in__high": f"{GOOD}select 1 as a, 2 as b"}
    with pytest.raises(DataError, match=rf"warehouse/{lower}/low.sql reads high, which belongs to a later layer"):
        models(connection, write(**files))


def test_incremental_strategy_is_read_from_the_header(connection: Connection, write: Callable[..., Path]) -> None:
    found = models(
        connection,
        write(
            core__in__core_a=f"{GOOD}-- incremental: merge; a int, b int\nselect a, b from earlier_core_a",
            marts__in__c=f"{GOOD}-- incremental: delete+insert core_a\nselect 1 as a, 2 as b",
            marts__in__d=f"{GOOD}select a, b from new_c union all select a, b from earlier_c",
            core__in__core_e=f"{GOOD}-- incremental: delete+insert core_a; a int, b int\nselect a, b from new_c",
            marts__in__f=f"{GOOD}select a, b from earlier_core_e",
        ),
    )
    assert [(model.name, model.incremental, model.earlier, model.depends_on) for model in found] == [
        ("core_a", Incremental(Strategy.MERGE, "a int, b int"), {"core_a": "a int, b int"}, frozenset()),
        ("f", None, {"core_e": "a int, b int"}, frozenset()),
        ("c", Incremental(Strategy.DELETE_INSERT, delete_table="core_a"), {}, frozenset({"core_a"})),
        ("core_e", Incremental(Strategy.DELETE_INSERT, "a int, b int", "core_a"), {}, frozenset({"c", "core_a"})),
        ("d", None, {"c": ""}, frozenset({"c"})),
    ]
    ways = [(model.is_state, model.is_updated_in_place) for model in found]
    assert ways == [(True, False), (False, False), (False, True), (True, True), (False, False)]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (
            f"{GOOD}-- incremental: somehow\nselect 1",
            r"core_a.sql: incremental must be one of append, delete\+insert, merge, full refresh",
        ),
        (f"{GOOD}select a, b from earlier_core_b", r"core_a.sql reads earlier_core_b, but no build keeps that table"),
    ],
)
def test_invalid_incremental_use_is_named(
    connection: Connection, write: Callable[..., Path], text: str, message: str
) -> None:
    with pytest.raises(DataError, match=message):
        models(connection, write(core__in__core_a=text, core__in__core_b=f"{GOOD}select 1 as a, 2 as b"))


def test_dependency_cycle_is_named(connection: Connection, write: Callable[..., Path]) -> None:
    folder = write(marts__in__a=f"{GOOD}select a, b from b", marts__in__b=f"{GOOD}select a, b from a")
    with pytest.raises(DataError, match=r"depend on each other: (a -> b -> a|b -> a -> b)"):
        models(connection, folder)


def test_checks_have_claim_and_severity(connection: Connection, write: Callable[..., Path]) -> None:
    folder = write(
        checks__in__b__holds="-- B holds.\n-- severity: warn\nselect 1",
        checks__in__a__holds="-- A holds.\n-- severity: fail\nselect 2",
    )
    assert [(check.name, check.claim, check.fails) for check in checks(connection, folder)] == [
        ("a__holds", "A holds.", True),
        ("b__holds", "B holds.", False),
    ]


@pytest.mark.parametrize("header", ["-- A.\n", "-- A.\n-- severity: bad\n", "-- A.\n-- grain: a\n"])
def test_check_without_severity_is_named(connection: Connection, write: Callable[..., Path], header: str) -> None:
    with pytest.raises(DataError, match=r"a__b.sql"):
        checks(connection, write(checks__in__a__b=f"{header}select 1"))


def test_comment_of_one_table_takes_precedence(connection: Connection) -> None:
    connection.execute("create table crawls (models int, day date); create table other (models int)")
    comments = ColumnComments({"models": "all's", "day": "it's"}, {"crawls": {"models": "crawls'"}})
    comments.apply(connection, "crawls", "It's one.")
    comments.apply(connection, "other", "Another.")
    found = connection.execute(
        "select table_name, column_name, comment from duckdb_columns() where not internal order by all"
    )
    assert found.fetchall() == [
        ("crawls", "day", "it's"),
        ("crawls", "models", "crawls'"),
        ("other", "models", "all's"),
    ]
    tables = connection.execute("select table_name, comment from duckdb_tables() order by all")
    assert tables.fetchall() == [("crawls", "It's one."), ("other", "Another.")]


def test_column_without_comment_is_named(connection: Connection) -> None:
    connection.execute("create table t (extra int)")
    with pytest.raises(DataError, match=r"warehouse/columns\.toml: column extra of table t has no comment"):
        ColumnComments({}, {}).apply(connection, "t", "T.")


def test_shipped_files_have_their_layer_as_prefix(connection: Connection) -> None:
    prefixes = dict(zip(LAYERS, ("stg_", "core_", "", ""), strict=True))
    for model in models(connection):
        assert model.name.startswith(prefixes[model.layer])
        assert model.layer not in ("marts", "views") or not model.name.startswith(("stg_", "core_"))
        assert model.about.endswith((".", "?")) and model.sql.isascii()


def test_columns_toml_describes_existing_columns(connection: Connection) -> None:
    comments = ColumnComments.load(FOLDER)
    text = " ".join(model.sql for model in models(connection) if model.layer != "staging")
    text += " ".join(model.sql for model in models(connection) if model.layer == "staging")
    assert [name for name in comments.columns if name not in text] == []
    tables = {path.stem for layer in ("marts", "views") for path in (FOLDER / layer).rglob("*.sql")}
    assert set(comments.tables) <= tables | {"check_findings"}


def test_checks_are_named_after_existing_tables(connection: Connection) -> None:
    tables = {model.name for model in models(connection) if model.layer == "marts"}
    found: list[Check] = checks(connection)
    assert found and {check.name.partition("__")[0] for check in found} <= tables
