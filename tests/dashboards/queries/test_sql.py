"""The schema that the SQL page shows."""

from pathlib import Path

import duckdb

from dashboards.data.warehouse import NotReady, open_store
from dashboards.queries import sql
from tests.dashboards.conftest import Writer


def test_warehouse_columns(tmp_path: Path, write_warehouse: Writer) -> None:
    path = write_warehouse(
        tmp_path,
        "comment on table labs is 'A lab, and where it is from.'",
        "comment on column labs.is_contested is 'True if people disagree.'",
    )
    found = open_store(tmp_path)
    assert not isinstance(found, NotReady)
    columns = sql.warehouse_columns(found[0])
    assert columns.columns == ["table", "table_comment", "column", "type", "comment"]
    about = "A lab, and where it is from."
    assert [row for row in columns.rows() if row[0] == "labs"] == [
        ("labs", about, "lab", "varchar", None),
        ("labs", about, "name", "varchar", None),
        ("labs", about, "origin", "varchar", None),
        ("labs", about, "is_contested", "boolean", "True if people disagree."),
        ("labs", about, "evidence", "varchar", None),
    ]
    with duckdb.connect(str(path), read_only=True) as connection:
        shown = [name for (name,) in connection.execute("show tables").fetchall()]
    assert list(dict.fromkeys(columns["table"])) == sorted(shown)
