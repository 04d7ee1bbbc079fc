"""The user's own file: what is used of it, what is matched, what is refused and why."""

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from tests.history.conftest import NOW, Home, add_crawl
from tracker.cli.imports import import_lines
from tracker.domain import Source
from tracker.errors import DataError, UsageError
from tracker.history.imports import import_file, remove
from tracker.history.types import ImportOptions, ImportResult
from tracker.lake.lake import Lake
from tracker.lake.writer import SCHEMAS, LakeWriter


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


def test_file_is_reported_row_by_row(home: Home, csv: Callable[..., Path], one: tuple[str, str]) -> None:
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
        "11 rows read: 3 landed, 1 duplicate, 7 refused, 0 left out.",
        "Unmatched: up to 1 names in a file belong to no repository in the lake. Their rows are stored as "
        "name:<repo_id>. Examples: nobody/knows.",
        "1 rows repeat a repository on the same day; the first one counts.",
        f"Refused: 1 rows: downloads_30d is negative: counters begin at 0. Example: line 6: {name}: '-1'.",
        "Refused: 2 rows: downloads_30d is not a whole number: write digits only, such as 12345. "
        f"Example: line 7: {name}: '1.5'.",
        "Refused: 1 rows: no counter: give downloads_30d, downloads_all_time or likes. "
        f"Example: line 9: {name}: nothing.",
        "Refused: 1 rows: no repository name such as Qwen/Qwen3-8B. Example: line 12: no name: nothing.",
        "Refused: 1 rows: no valid day: write days such as 2026-08-05, or add --date-format. "
        f"Example: line 10: {name}: 'someday'.",
        "Refused: 1 rows: the day is in the future: the last one is today, 2026-11-21 in UTC. "
        f"Example: line 11: {name}: '2027-01-01'.",
        "Columns used of mine.csv: ID, day, Downloads_30d, likes; not used: comment.",
        "Run `tracker build` to update the warehouse.",
    ]


def row(hub_id: str, downloads_30d: int | None, likes: int | None) -> dict[str, Any]:
    unknown = dict.fromkeys(("downloads_all_time", "trending_score", "read_at"))
    return {"hub_id": hub_id, "downloads_30d": downloads_30d, "likes": likes} | unknown


def test_only_a_changed_file_replaces_its_rows(home: Home, csv: Callable[..., Path], one: tuple[str, str]) -> None:
    first = csv(f"id,day,likes\n{one[1]},2026-09-01,1\n{one[1]},2026-09-02,2\n")
    home.bring_file(first)
    before = home.content()
    assert import_lines(home.bring_file(first))[0] == (
        "file-mine: nothing new; 2 days landed earlier. The lake is unchanged."
    )
    assert home.content() == before
    found = home.bring_file(csv(f"id,day,likes\n{one[1]},2026-09-02,7\n"))
    assert (
        "2 days of an earlier import of this file were replaced. 1 of them are not in the new file and were removed."
    ) in found.notes
    assert {day: home.rows(manifest)[0]["likes"] for day, manifest in home.manifests("file").items()} == {
        date(2026, 9, 2): 7
    }


def test_files_of_several_names_coexist(home: Home, csv: Callable[..., Path], one: tuple[str, str]) -> None:
    before = home.content()
    for likes, name in enumerate(("mine.csv", "His own numbers (2).csv")):
        home.bring_file(csv(f"id,day,likes\n{one[1]},2026-09-01,{likes}\n", name))
    scopes = {manifest.scope for manifest in home.lake.manifests() if manifest.source == "file"}
    assert scopes == {"file-mine", "file-his-own-numbers-2"}
    assert home.remove("file") == 2
    assert home.content() == before


def test_parquet_file_is_read_within_the_days_wanted(home: Home, tmp_path: Path, one: tuple[str, str]) -> None:
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
        ('id,day,likes\na/b,2026-09-01,1\n"a/b,2026\n', ", line 3: a quoted value does not end where it should"),
    ],
)
def test_file_without_its_columns_is_refused(home: Home, csv: Callable[..., Path], text: str, said: str) -> None:
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


READING = pa.table(
    {"hub_id": ["name:a/b"], "likes": [1]}
    | {name: pa.nulls(1, kind) for name, kind in (("downloads_30d", pa.int64()), ("downloads_all_time", pa.int64()))}
    | {"trending_score": pa.nulls(1, pa.float64()), "read_at": pa.nulls(1, pa.timestamp("us", "UTC"))}
).select(SCHEMAS["model_days"].names)


def bring(lake: Lake, file: Path, **more: Any) -> ImportResult:
    return import_file(lake, ImportOptions(Source.FILE, NOW.date(), file=file, **more), "tests", lambda: NOW)


def landed(lake: Lake) -> list[tuple[str, str, str, int | None]]:
    """Scope, day, key and likes of every row in the lake."""
    return [
        (manifest.scope, str(manifest.day), row["hub_id"], row["likes"])
        for manifest in lake.manifests()
        for file in lake.files("model_days", [manifest])
        for row in pq.ParquetFile(file).read().to_pylist()
    ]


def test_files_of_similar_names_do_not_replace_each_other(lake: Lake, csv: Callable[..., Path]) -> None:
    for day, name in (("05", "models.2026-08-05.csv"), ("06", "models.2026-08-06.csv")):
        bring(lake, csv(f"id,day,likes\na/b,2026-08-{day},1\n", name))
    assert [(scope, day) for scope, day, *_ in landed(lake)] == [
        ("file-models-2026-08-05", "2026-08-05"),
        ("file-models-2026-08-06", "2026-08-06"),
    ]


def test_same_content_at_another_path_counts_once(lake: Lake, csv: Callable[..., Path]) -> None:
    text = "id,day,likes\na/b,2026-08-05,1\n"
    first = csv(text)
    bring(lake, first)
    found = bring(lake, csv(text, "copy.csv"))
    assert found.notes[-1] == f"{first}, imported as file-mine, has the same content; it counts once."
    assert len(landed(lake)) == 1
    assert bring(lake, csv("id,day,likes\na/b,2026-08-06,1\n", "copy.csv")).landed == [date(2026, 8, 6)]
    assert len(landed(lake)) == 2


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("id,day,likes\n", "has a header and no rows."),
        (
            "id,day,likes\na/b,05/08/2026,1\nc/d,06/08/2026,1\n",
            "none of 2 rows can be used. 2 rows: the order of day and month is not known: add --date-format %d/%m/%Y",
        ),
        ('id,day,likes\na/b,2026-08-05,"1,100"\n', "digits only, such as 12345. Example: line 2: a/b: '1,100'."),
        ("", "is empty"),
    ],
)
def test_file_without_a_usable_row_replaces_nothing(lake: Lake, csv: Callable[..., Path], text: str, said: str) -> None:
    bring(lake, csv("id,day,likes\na/b,2026-08-05,1\n"))
    before = landed(lake)
    with pytest.raises(DataError) as refused:
        bring(lake, csv(text))
    assert said in str(refused.value) and refused.value.exit_code == 11
    assert landed(lake) == before != []
    assert not list(lake.runs.glob("*"))


def test_rows_that_are_not_requested_replace_nothing(lake: Lake, csv: Callable[..., Path]) -> None:
    bring(lake, csv("id,day,likes\na/b,2026-08-05,1\n"))
    before = landed(lake)
    changed = csv("id,day,likes\na/b,2026-08-06,2\n")
    found = bring(lake, changed, until=date(2026, 8, 5))
    assert (found.read, found.outside, found.landed) == (1, 1, [])
    found = bring(lake, changed, is_tracked_only=True)
    assert (found.read, found.untracked_rows, found.landed) == (1, 1, [])
    assert landed(lake) == before
    assert bring(lake, changed).landed == [date(2026, 8, 6)]


def test_content_that_was_replaced_can_come_back(lake: Lake, csv: Callable[..., Path]) -> None:
    for likes in (1, 2, 1):
        bring(lake, csv(f"id,day,likes\na/b,2026-08-05,{likes}\n"))
        assert [row[-1] for row in landed(lake)] == [likes]


def test_first_reading_of_a_day_counts_by_time_then_by_order(lake: Lake, csv: Callable[..., Path]) -> None:
    bring(lake, csv(
        "id,day,downloads_30d,likes\n"
        "a/b,2026-08-05T07:00:00Z,100,10\na/b,2026-08-05T01:00:00Z,90,9\na/b,2026-08-05T13:00:00Z,120,11\n"
        "c/d,2026-08-05,5,5\nc/d,2026-08-05,9,9\nc/d,2026-08-05,1,1\n"
    ))  # fmt: skip
    assert [row[2:] for row in landed(lake)] == [("name:a/b", 9), ("name:c/d", 5)]
    [manifest] = lake.manifests()
    assert (manifest.rows_read, manifest.models, manifest.duplicates, manifest.unmatched) == (6, 2, 4, 2)


def test_date_format_reads_the_rows_that_were_refused(lake: Lake, csv: Callable[..., Path]) -> None:
    file = csv("id,day,likes\na/b,2026-08-05,1\nc/d,06/08/2026,1\n")
    assert bring(lake, file).landed == [date(2026, 8, 5)]
    assert bring(lake, file, date_format="%d/%m/%Y").landed == [date(2026, 8, 6)]


def test_not_a_number_in_parquet_is_unknown(lake: Lake, tmp_path: Path) -> None:
    nan = float("nan")
    table = {
        "id": ["a/b", "c/d", "e/f"],
        "day": ["2026-08-09"] * 3,
        "likes": [3.0, nan, nan],
        "downloads_30d": [3, 4, None],
    }
    pq.write_table(pa.table(table), tmp_path / "mine.parquet")
    found = bring(lake, tmp_path / "mine.parquet")
    assert [row[2:] for row in landed(lake)] == [("name:a/b", 3), ("name:c/d", None)]
    assert (found.read, found.rows, sum(found.refused_because.values())) == (3, 2, 1)
    [example] = found.refused_examples.values()
    assert example == "row 3: e/f: nothing"


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("id,day,likes\na/b,2026-08-05,1\n".encode("utf-16"), "is UTF-16 text. Save it as CSV UTF-8"),
        ("id,day,likes\na/b,2026-08-05,1\n".encode("utf-16-le"), "may be UTF-16). Save it as CSV UTF-8"),
        ("编号,id,day,likes\nx,a/b,2026-08-05,1\n".encode("gbk"), "the text is not UTF-8. Save it as CSV UTF-8"),
        (
            "no,id,day,likes\n千问,a/b,2026-08-05,1\n".encode("gbk"),
            "the text is not UTF-8. Save it as CSV UTF-8",
        ),
        (b"id,day,likes\na/b,2026-08-05,1\nc/d,2026-08-05,1,2\n", "line 3: 4 values instead of 3."),
        (b"id,day,likes\na/b,2026-08-05,1\nc/d,2026-08-05\n", "line 3: 2 values instead of 3."),
        (b'id,day,likes,x\na/b,2026-08-05,1,"5" wide"\n', "line 2: a quoted value does not end where it should"),
        (b"id,day,likes\na/b,2026-08-05," + b"9" * 3_000_000 + b"\n", "line 2: it is longer than 2,000,000 bytes"),
        (b"id,day\x1b[2J,likes\n", "has no column 'day' (it has id, day?[2J, likes)"),
        (b"id,day,likes,Likes\na/b,2026-08-05,1,2\n", "has several columns 'likes'"),
    ],
)
def test_text_that_is_no_csv_names_the_line_and_what_to_do(
    lake: Lake, tmp_path: Path, content: bytes, said: str
) -> None:
    (tmp_path / "mine.csv").write_bytes(content)
    with pytest.raises(DataError) as refused:
        bring(lake, tmp_path / "mine.csv")
    assert said in str(refused.value) and "mine.csv" in str(refused.value)


def test_line_of_an_example_counts_empty_and_long_lines(lake: Lake, csv: Callable[..., Path]) -> None:
    found = bring(lake, csv('\ufeffid,day,likes,note\n\na/b,2026-08-05,1,"two\nlines"\n\nc/d,2026-08-05,many,\n'))
    assert list(found.refused_examples.values()) == ["line 6: c/d: 'many'"]


def test_name_in_another_case_matches_the_only_repository(lake: Lake, csv: Callable[..., Path]) -> None:
    add_crawl(lake, {"a1": "Qwen/Qwen3-8B", "a2": "Twin/model-x", "a3": "Twin/Model-X"}, date(2026, 8, 20))
    bring(lake, csv(
        "id,day,likes\nqwen/QWEN3-8b,2026-08-05,1\nQwen/Qwen3-8B,2026-08-05,2\n"
        "TWIN/MODEL-X,2026-08-05,3\nTwin/Model-X,2026-08-05,4\n"
    ), is_tracked_only=True)  # fmt: skip
    assert [row[2:] for row in landed(lake)] == [("a1", 1), ("a3", 4)]


def test_rematched_days_have_the_counts_of_their_rows(lake: Lake, csv: Callable[..., Path]) -> None:
    add_crawl(lake, {"a1": "Qwen/Qwen3-8B"}, date(2026, 8, 20))
    file = csv(
        "id,day,likes\nnew/Model,2026-08-05,1\nnew/model,2026-08-05,2\nQwen/Qwen3-8B,2026-08-05,3\nno/one,2026-08-05,4\n"
    )
    assert bring(lake, file).unmatched == 3
    add_crawl(lake, {"a2": "new/Model"}, date(2026, 8, 21))
    assert bring(lake, file).rematched == 2
    assert [row[2:] for row in landed(lake)] == [("a1", 3), ("a2", 1), ("name:no/one", 4)]
    [manifest] = [manifest for manifest in lake.manifests() if manifest.source == "file"]
    assert (manifest.rows_read, manifest.models, manifest.duplicates, manifest.unmatched) == (4, 3, 1, 1)
    assert bring(lake, file).rematched == 0


def test_damaged_parquet_replaces_nothing(lake: Lake, tmp_path: Path) -> None:
    file = tmp_path / "mine.parquet"
    names = [f"a/{number * 7919 % 5000}" for number in range(5000)]
    pq.write_table(pa.table({"id": names, "day": ["2026-08-05"] * 5000, "likes": range(5000)}), file)
    bring(lake, file)
    before = landed(lake)
    content = file.read_bytes()
    file.write_bytes(content[:2000] + content[4000:])
    with pytest.raises(DataError, match="cannot be read"):
        bring(lake, file)
    assert landed(lake) == before != []


def test_days_of_a_home_of_an_earlier_version_are_replaced(lake: Lake, csv: Callable[..., Path]) -> None:
    """There the record had the name of the file alone, and a name up to its first dot was the scope."""
    file = csv("id,day,likes\na/b,2026-08-05,1\n", "mine.2026.csv")
    bring(lake, file)
    [manifest] = lake.manifests()
    lake.remove_crawl(manifest)
    writer = LakeWriter(lake.home)
    writer.write("model_days", READING)
    files = lake.add_files(*writer.close(lake, manifest.day, "file-mine"))
    lake.save_manifest(replace(manifest, crawl=f"{manifest.day}-file-mine", scope="file-mine", files=files))
    [record] = (lake.folder / "imports").glob("*.json")
    content = json.loads(record.read_text())[str(file)]
    record.unlink()
    record.with_name("file-mine.json").write_text(
        json.dumps({file.name: {oid: [entry[:3] for entry in ranges] for oid, ranges in content.items()}})
    )
    assert bring(lake, file).landed == []
    bring(lake, csv("id,day,likes\na/b,2026-08-06,2\n", "mine.2026.csv"))
    assert landed(lake) == [("file-mine", "2026-08-06", "name:a/b", 2)]
    assert bring(lake, csv("id,day,likes\na/b,2026-08-06,3\n", "mine.csv")).scope != "file-mine"
    assert remove(lake, Source.FILE) == 2 and landed(lake) == []
