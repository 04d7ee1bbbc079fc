"""The record of imported archive files."""

import json
from datetime import date
from pathlib import Path

import pytest

from tracker.history.ledger import Ledger
from tracker.lake.lake import Lake

DAY, NEXT = "2026-08-19", "2026-08-20"


@pytest.mark.parametrize(
    ("entry", "day"),
    [
        ([DAY, DAY, False, []], date(2026, 8, 19)),
        ([DAY, DAY, False, [DAY]], date(2026, 8, 19)),
        ([DAY, DAY, False], None),
        ([DAY, NEXT, False, []], None),
        ([DAY, NEXT, False, [DAY]], None),
    ],
    ids=["one day", "one day left out", "of an earlier version", "two days", "two days, one left out"],
)
def test_content_of_one_day_has_that_day(tmp_path: Path, entry: list[object], day: date | None) -> None:
    lake = Lake(tmp_path)
    file = lake.folder / "imports" / "hub-weekly.json"
    file.parent.mkdir(parents=True)
    file.write_text(json.dumps({"a.parquet": {"content": [entry]}}), encoding="utf-8")
    assert Ledger(lake, "hub-weekly").day_of("content") == day
    assert Ledger(lake, "hub-weekly").day_of("another") is None
