"""A warehouse with every table that pages read, small enough to check by eye."""

from pathlib import Path

import duckdb

FOLDER = Path(__file__).parents[1] / "dashboards" / "tiny_warehouse"
TINY_WAREHOUSE = "".join(["begin;\n", *(file.read_text() for file in sorted(FOLDER.glob("*.sql"))), "commit;\n"])


def write(path: Path, *changes: str) -> Path:
    """Write the tiny warehouse to a file, run further SQL on it, and return the path."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with duckdb.connect(str(path)) as connection:
        for sql in (TINY_WAREHOUSE, *changes):
            connection.execute(sql)
    return path
