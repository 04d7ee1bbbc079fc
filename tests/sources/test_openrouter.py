"""Readings of OpenRouter: what lands, and what each fault leads to."""

import hashlib
import json
from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from tests.sources.conftest import Readings, Tokens
from tracker.demo.hub.faults import Fault, FaultKind
from tracker.errors import DataError, HubError, TrackerError
from tracker.hub.client import InvalidBody
from tracker.lake import axis_days
from tracker.sources.openrouter import rankings

DAY = date(2026, 8, 19)
LATER = date(2026, 8, 21)


def test_reading_lands_thirty_days_with_credit_line(readings: Readings) -> None:
    manifest = readings(DAY).manifest
    rows = readings.rows(manifest)
    assert (manifest.rows, len(rows), manifest.requests) == (30 * 51, 30 * 51, 3)
    assert (manifest.first_day, manifest.last_day) == (date(2026, 7, 20), date(2026, 8, 18))
    assert (manifest.licence, manifest.revision) == ("CC BY 4.0", "2026-08-19")
    assert manifest.attribution == "Source: OpenRouter (openrouter.ai/rankings), as of 2026-08-19, CC BY 4.0"
    true = Tokens().tokens_on(date(2026, 8, 1))
    of_day = {row["entity"]: row["value"] for row in rows if row["day"] == date(2026, 8, 1)}
    assert of_day["qwen/qwen3-8b"] == true["qwen/qwen3-8b"]
    assert of_day["other"] == sum(sorted(true.values())[:10])
    repositories = {row["entity"]: row["repo_id"] for row in rows}
    assert repositories["deepseek/deepseek-v3.2-20250929:free"] == "deepseek-ai/DeepSeek-V3.2"
    assert repositories["maker/model-0"] is None


def test_second_reading_of_a_day_sends_no_request(readings: Readings) -> None:
    first = readings(DAY)
    asked = len(readings.hub.requests)
    again = readings(DAY)
    assert (again.was_complete, again.manifest) == (True, first.manifest)
    assert len(readings.hub.requests) == asked
    assert not readings(DAY, force=True).was_complete


def test_later_export_fills_a_missed_day(readings: Readings) -> None:
    readings(DAY)
    readings.hub.day = LATER
    days = {row["day"] for row in readings.rows(readings(LATER).manifest)}
    assert {DAY, date(2026, 8, 20)} <= days
    assert readings.landed == ["2026-08-19-openrouter", "2026-08-21-openrouter"]


def test_interrupted_reading_repeats_no_request(readings: Readings) -> None:
    readings.hub.faults.add(Fault(FaultKind.STATUS, "/api/v1/models", status=403))
    with pytest.raises(HubError):
        readings(DAY)
    assert readings.landed == []
    assert readings(DAY).manifest.requests == 1


def test_history_is_read_once_and_only_with_a_key(readings: Readings) -> None:
    manifest = readings(DAY, key="sk-test").manifest
    assert manifest.first_day == date(2025, 1, 1)
    asked = [record for record in readings.hub.requests if record.path == "/api/v1/datasets/rankings-daily"]
    assert [record.authorization for record in asked] == ["Bearer sk-test"] * 2
    others = [record for record in readings.hub.requests if record not in asked]
    assert {record.authorization for record in others} == {None}
    old = [row for row in readings.rows(manifest) if row["day"] == date(2025, 3, 1)]
    assert {row["source_revision"] for row in old} == {"history as of 2026-08-19"}
    assert max(row["value"] for row in old) == max(Tokens().tokens_on(date(2025, 3, 1)).values())
    readings.hub.day = LATER
    assert readings(LATER, key="sk-test").manifest.first_day == date(2026, 7, 22)


@pytest.mark.parametrize(
    ("fault", "error", "message"),
    [
        ({"has_wrong_checksum": True}, DataError, "does not have the checksum of its manifest"),
        ({"is_publishing": True}, DataError, "a new export is just being published"),
        ({"columns": ("date", "model", "tokens")}, DataError, "its columns are date, model, tokens"),
        (Fault(FaultKind.WEB_PAGE, "latest", times=9), HubError, "with a web page ('Sign in') instead of data"),
        (Fault(FaultKind.WEB_PAGE, "/api/v1/models", times=9), HubError, "check HTTPS_PROXY and OPENROUTER_ENDPOINT"),
        (Fault(FaultKind.BODY, "latest", times=9, body=[]), HubError, "the answer is not an object but '[]'"),
        (Fault(FaultKind.BODY, "latest", body={"snapshot_date": "2026-08-19"}), DataError, "has no usable 'files'"),
        (Fault(FaultKind.STATUS, ".csv", status=404), HubError, "refused with status 404"),
        (Fault(FaultKind.STATUS, "latest", status=429, retry_after="90000"), HubError, "OpenRouter demands a wait"),
        (Fault(FaultKind.STATUS, "latest", times=9), HubError, "gave no usable answer in 8 tries"),
    ],
)  # fmt: skip
def test_fault_lands_nothing_and_is_explained(
    readings: Readings, fault: Any, error: type[TrackerError], message: str
) -> None:
    if isinstance(fault, Fault):
        readings.hub.faults.add(fault)
    else:
        readings.openrouter.misbehaviour = replace(readings.openrouter.misbehaviour, **fault)
    with pytest.raises(error) as failure:
        readings(DAY)
    assert message in str(failure.value)
    assert not (readings.lake.folder / axis_days.TABLE).exists()
    readings.hub.faults.clear()
    readings.openrouter.misbehaviour = type(readings.openrouter.misbehaviour)()
    assert readings(DAY).manifest.rows == 30 * 51


def test_damaged_file_is_named(readings: Readings) -> None:
    manifest = readings(DAY).manifest
    [file] = axis_days.files(readings.lake, [manifest])
    file.write_bytes(b"")
    with pytest.raises(TrackerError, match=r"openrouter\.parquet is missing or not as 2026-08-19-openrouter wrote it"):
        axis_days.files(readings.lake, [manifest])


LINE = "2026-11-19,qwen/qwen3,1,500,0.5"


def exported(text: str, rows: int | None = None) -> list[rankings.Row]:
    """The rows of an export of this text, whose manifest is right about its checksum."""
    body = text.encode()
    checksum = hashlib.sha256(body).hexdigest()
    return rankings.export_rows(
        body, rankings.Export(date(2026, 11, 20), "/x.csv", checksum, rows, "CC BY 4.0", "", "")
    )


@pytest.mark.parametrize(
    ("lines", "problem"),
    [
        ((), "it is empty"),
        ((LINE, LINE), "named twice on a day"),
        (("2026-01-01,qwen/qwen3,1,500,0.5",), "rows of 2026-01-01"),
        (("2026-11-19,qwen/qwen3,,500,0.5",), "line 2 cannot be read"),
        (("2026-11-19,qwen/qwen3,1,-5,0.5",), "line 2 cannot be read"),
        (("2026-11-19,qwen/qwen3",), "line 2 cannot be read"),
    ],
)
def test_unusable_export_says_what_is_wrong(lines: tuple[str, ...], problem: str) -> None:
    with pytest.raises(DataError, match=problem):
        exported("\r\n".join([",".join(rankings.HEADER), *lines, ""]))


def test_export_with_other_columns_or_rows_is_refused() -> None:
    with pytest.raises(DataError, match="its columns are day, model"):
        exported("day,model\r\n")
    with pytest.raises(DataError, match="has 1 rows, but its manifest says 2"):
        exported("\r\n".join([",".join(rankings.HEADER), LINE, ""]), rows=2)


def test_answers_without_their_list_are_asked_for_again() -> None:
    for read in (rankings.slugs, rankings.history):
        with pytest.raises(InvalidBody):
            read(b"{}")
    listed = {"data": [{"date": "2026-11-19", "model_permaslug": "a/b", "total_tokens": "x"}, {}], "meta": {}}
    assert rankings.history(json.dumps(listed).encode())[1:] == ([], 2)
