"""The questions of warehouse/examples/, each asked of a simulated warehouse."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.simulated_home import simulated as simulated
from tracker.database import Connection
from tracker.errors import DataError
from tracker.sql.query import open_warehouse, run_statement
from tracker.warehouse.build import FILE
from tracker.warehouse.sql_files import FOLDER, Example, examples

EXAMPLES = sorted((FOLDER / "examples").glob("*.sql"))


@pytest.fixture(scope="module")
def demo(simulated: Path) -> Iterator[Connection]:
    with open_warehouse(simulated / FILE) as connection:
        yield connection


def test_examples_return_rows(demo: Connection) -> None:
    counts = {path.name: run_statement(demo, path.read_text(encoding="utf-8")).num_rows for path in EXAMPLES}
    assert [name for name, count in counts.items() if count == 0] == []


def test_readme_lists_every_example() -> None:
    readme = (FOLDER / "README.md").read_text(encoding="utf-8")
    assert len(EXAMPLES) == 17
    for path, example in zip(EXAMPLES, examples(), strict=True):
        assert f"| `{path.name}` | {example.title} |" in readme
        assert example.sql == path.read_text(encoding="utf-8")


def test_example_title_is_its_first_line(tmp_path: Path) -> None:
    (tmp_path / "examples").mkdir()
    (tmp_path / "examples" / "b.sql").write_text("-- How many?\n-- more\nselect 1\n")
    (tmp_path / "examples" / "a.sql").write_text("-- Who?\nselect 2\n")
    assert examples(tmp_path) == [
        Example("Who?", "-- Who?\nselect 2\n"),
        Example("How many?", "-- How many?\n-- more\nselect 1\n"),
    ]
    (tmp_path / "examples" / "c.sql").write_text("-- A row is a model.\nselect 1\n")
    with pytest.raises(DataError, match=r"c\.sql:1: the first line must be a question"):
        examples(tmp_path)


def test_monthly_shares_sum_to_one(demo: Connection) -> None:
    text = Path(FOLDER / "examples" / "share_by_origin_this_month.sql").read_text(encoding="utf-8")
    shares = run_statement(demo, text).column("share").to_pylist()
    assert sum(shares) == pytest.approx(1)
    assert shares == sorted(shares, reverse=True)
