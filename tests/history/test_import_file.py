"""The user's own file: what is used of it, what is matched, what is refused and why."""

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from tests.history.conftest import Home
from tracker.cli.imports import import_lines
from tracker.errors import DataError, UsageError


@pytest.fixture
def csv(tmp_path: Path) -> Callable[..., Path]:
    def csv(text: str, name: str = "mine.csv") -> Path:
        path = tmp_path / name
        path.write_text(text)
        return path

    return csv


@pytest.fixture
def one(known: set[tuple[str, str]]) -> tuple[str, str]:
    """A repository of the home: id and name."""
    return min(known)


def test_a_file_is_reported_row_by_row(home: Home, csv: Callable[..., Path], one: tuple[str, str]) -> None:
    hub_id, name = one
    file = csv(
        "ID,day,Downloads_30d,likes,comment\n"
        f"{name},2026-09-01,10,1,fine\n"
        f"{name},2026-09-02,11,,fine\n"
        f"{name},2026-09-02,9,,said twice\n"
        "nobody/knows,2026-09-01,5,5,\n"
        f"{name},2026-09-03,-1,1,\n"
        f"{name},2026-09-04,1.5,1,\n"
        f"{name},2026-09-05,many,1,\n"
        f"{name},2026-09-06,,,\n"
        f"{name},someday,1,1,\n"
        f"{name},2027-01-01,1,1,\n"
        ",2026-09-01,1,1,\n"
    )
    found = home.bring_file(file)
    days = home.manifests("file")
    assert {day: home.rows(manifest) for day, manifest in days.items()} == {
        date(2026, 9, 1): [row(hub_id, 10, 1), row("name:nobody/knows", 5, 5)],
        date(2026, 9, 2): [row(hub_id, 11, None)],
    }
    assert {manifest.crawl for manifest in days.values()} == {"2026-09-01-file-mine", "2026-09-02-file-mine"}
    assert import_lines(found) == [
        "file-mine: 2 days landed, 2026-09-01 to 2026-09-02, 3 rows: 2 matched, 1 unmatched, 7 refused.",
        "Unmatched: up to 1 names in a file belong to no repository in the lake. Their rows are stored as "
        "name:<repo_id>. Examples: nobody/knows.",
        "1 rows repeat a repository on the same day and were skipped.",
        f"Refused: 1 rows: a counter is negative. Example: {name} on 2026-09-03.",
        f"Refused: 2 rows: downloads_30d is not a whole number. Example: {name} on 2026-09-04.",
        f"Refused: 1 rows: no counter. Example: {name} on 2026-09-06.",
        "Refused: 1 rows: no repository name. Example: a row without name on 2026-09-01.",
        f"Refused: 1 rows: no valid day. Example: {name}.",
        f"Refused: 1 rows: the day is in the future. Example: {name} on 2027-01-01.",
        "Columns used of mine.csv: ID, day, Downloads_30d, likes; not used: comment.",
        "Run `tracker build` to update the warehouse.",
    ]


def row(hub_id: str, downloads_30d: int | None, likes: int | None) -> dict[str, Any]:
    unknown = dict.fromkeys(("downloads_all_time", "trending_score", "read_at"))
    return {"hub_id": hub_id, "downloads_30d": downloads_30d, "likes": likes} | unknown


def test_the_same_file_again_changes_nothing_and_another_of_its_name_replaces_it(
    home: Home, csv: Callable[..., Path], one: tuple[str, str]
) -> None:
    first = csv(f"id,day,likes\n{one[1]},2026-09-01,1\n{one[1]},2026-09-02,2\n")
    home.bring_file(first)
    before = home.content()
    assert import_lines(home.bring_file(first))[0] == (
        "file-mine: nothing new; 2 days landed earlier. The lake is unchanged."
    )
    assert home.content() == before
    found = home.bring_file(csv(f"id,day,likes\n{one[1]},2026-09-02,7\n"))
    assert "2 days of an earlier file with this name were replaced." in found.notes
    assert {day: home.rows(manifest)[0]["likes"] for day, manifest in home.manifests("file").items()} == {
        date(2026, 9, 2): 7
    }


def test_files_of_several_names_coexist(home: Home, csv: Callable[..., Path], one: tuple[str, str]) -> None:
    before = home.content()
    for name in ("mine.csv", "His own numbers (2).csv"):
        home.bring_file(csv(f"id,day,likes\n{one[1]},2026-09-01,1\n", name))
    scopes = {manifest.scope for manifest in home.lake.manifests() if manifest.source == "file"}
    assert scopes == {"file-mine", "file-his-own-numbers-2"}
    assert home.remove("file") == 2
    assert home.content() == before


def test_a_parquet_file_is_read_within_the_days_wanted(home: Home, tmp_path: Path, one: tuple[str, str]) -> None:
    days = [date(2026, 9, day) for day in range(1, 11)]
    table = pa.table({"id": [one[1]] * 10, "day": days, "downloads_all_time": pa.array(range(10), pa.uint32())})
    pq.write_table(table, tmp_path / "mine.parquet")
    found = home.bring_file(tmp_path / "mine.parquet", since=days[2], until=days[4])
    assert (found.landed, found.rows) == (days[2:5], 3)
    assert home.bring_file(tmp_path / "mine.parquet", since=days[3], until=days[3]).landed == []


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("name,day,likes\na,2026-09-01,1\n", "has no column 'id' (it has name, day, likes). Nothing was imported."),
        ("id,likes\na,1\n", "has no column 'day' (it has id, likes)."),
        ("id,day,stars\na,2026-09-01,1\n", "has none of the columns downloads_30d, downloads_all_time, likes"),
        ('id,day,likes\na/b,2026-09-01,1\n"a/b,2026\n', "cannot be read"),
    ],
)
def test_a_file_without_its_columns_is_refused(home: Home, csv: Callable[..., Path], text: str, said: str) -> None:
    before = home.content()
    with pytest.raises(DataError) as refused:
        home.bring_file(csv(text))
    assert said in str(refused.value) and "mine.csv" in str(refused.value)
    assert home.content() == before


def test_columns_of_another_kind_are_refused(home: Home, tmp_path: Path) -> None:
    pq.write_table(pa.table({"id": [1], "day": [date(2026, 9, 1)], "likes": [1]}), tmp_path / "mine.parquet")
    with pytest.raises(DataError, match="the column 'id' is int64, not a text"):
        home.bring_file(tmp_path / "mine.parquet")


@pytest.mark.parametrize(("name", "said"), [("mine.xlsx", "only .csv, .tsv"), ("none.csv", "no such file")])
def test_other_files_are_a_wrong_use(home: Home, tmp_path: Path, name: str, said: str) -> None:
    (tmp_path / "mine.xlsx").write_bytes(b"PK")
    with pytest.raises(UsageError, match=said):
        home.bring_file(tmp_path / name)
