"""Recorded listings served again."""

import gzip
import json
from datetime import date
from pathlib import Path

import pytest

from tracker.demo.replay import DAYS_IN_MEMORY, Replay
from tracker.errors import SettingsError

RECORDED = Path(__file__).parents[2].parent / "shared" / "data" / "hub-2026-08"
DAY = date(2026, 8, 19)
GOOD = '{"_id": "a", "id": "x/y"}'


def write(folder: Path, day: str, *lines: str) -> None:
    (folder / f"{day}.jsonl.gz").write_bytes(gzip.compress("\n".join(lines).encode()))


def test_rows_are_as_recorded_and_ordered_by_id(tmp_path: Path) -> None:
    rows = [{"_id": "b", "id": "x/y", "gated": None, "tags": ["é"]}, {"_id": "a", "id": "y", "odd": {"n": 1.5}}]
    write(tmp_path, "2026-08-19", *(json.dumps(row) for row in rows))
    replay = Replay(tmp_path)
    assert replay.listing(DAY).rows == [rows[1], rows[0]]
    assert replay.listing(DAY).renames == {}
    assert replay.listing(DAY) is replay.listing(DAY)
    assert replay.is_simulated is False


def test_days_are_the_files_in_order(tmp_path: Path) -> None:
    for day in ("2026-08-20", "2025-12-31", "2026-08-19"):
        write(tmp_path, day, GOOD)
    (tmp_path / "README.md").write_text("not a recording", encoding="utf-8")
    assert Replay(tmp_path).days == [date(2025, 12, 31), date(2026, 8, 19), date(2026, 8, 20)]


def test_few_days_stay_in_memory(tmp_path: Path) -> None:
    days = [date(2026, 8, 1 + number) for number in range(DAYS_IN_MEMORY + 1)]
    for day in days:
        write(tmp_path, day.isoformat(), GOOD)
    replay = Replay(tmp_path)
    first, second, *_ = [replay.listing(day) for day in days]
    assert replay.listing(days[1]) is second
    assert replay.listing(days[0]) is not first
    assert replay.listing(days[0]) == first


def test_missing_folder_is_named(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match=r"nowhere: no such folder; name one that holds recorded days"):
        Replay(tmp_path / "nowhere")


def test_folder_without_recordings_is_named(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match=r"no recorded days in it; expected files named YYYY-MM-DD.jsonl.gz"):
        Replay(tmp_path)


def test_file_that_is_no_day_is_named(tmp_path: Path) -> None:
    write(tmp_path, "models", GOOD)
    with pytest.raises(SettingsError, match=r"models.jsonl.gz: the name is not a day"):
        Replay(tmp_path)


def test_day_without_recording_is_refused(tmp_path: Path) -> None:
    write(tmp_path, "2026-08-19", GOOD)
    with pytest.raises(
        SettingsError, match="no recording of 2020-01-01; the recorded days are 2026-08-19 to 2026-08-19"
    ):
        Replay(tmp_path).listing(date(2020, 1, 1))


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("{", "not JSON"),
        ("", "not JSON"),
        ("[]", "not a row of the Hub's listing"),
        ('{"id": "x/y"}', "not a row of the Hub's listing"),
        ('{"_id": 5, "id": "x/y"}', "not a row of the Hub's listing"),
        ('{"_id": "a", "id": null}', "not a row of the Hub's listing"),
    ],
)
def test_bad_line_is_named_with_its_number(tmp_path: Path, line: str, message: str) -> None:
    write(tmp_path, "2026-08-19", GOOD, line, GOOD)
    with pytest.raises(SettingsError, match=rf"2026-08-19.jsonl.gz:2: {message}"):
        Replay(tmp_path).listing(DAY)


@pytest.mark.parametrize(
    "content",
    [b"plain text", gzip.compress(GOOD.encode(), mtime=0)[:-9], gzip.compress(b"\xff\xfe", mtime=0)],
    ids=["not packed", "cut", "not UTF-8"],
)
def test_damaged_file_is_named(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "2026-08-19.jsonl.gz").write_bytes(content)
    with pytest.raises(SettingsError, match=r"2026-08-19.jsonl.gz:1: cannot be read"):
        Replay(tmp_path).listing(DAY)


@pytest.mark.slow
@pytest.mark.skipif(not RECORDED.is_dir(), reason="the recorded days are not part of the project")
def test_recorded_days_of_the_real_hub_are_whole() -> None:
    replay = Replay(RECORDED)
    assert [len(replay.listing(day).rows) for day in replay.days] == [11_568, 12_774, 13_194, 15_158]
