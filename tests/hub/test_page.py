"""Validation of a page before it is stored."""

import gzip
import json
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest

from tracker.hub.client import InvalidBody, Response
from tracker.hub.page import PageReader, PageSummary

A, B = "66000000" + "0" * 16, "66000001" + "0" * 16


@pytest.fixture(scope="module")
def look() -> Callable[..., PageSummary]:
    """Looks at a body, given as bytes or as the rows of a page."""
    reader = PageReader()

    def look(body: bytes | list[Any], encoding: str = "") -> PageSummary:
        data = body if isinstance(body, bytes) else json.dumps(body).encode()
        read_at = datetime(2026, 8, 19, tzinfo=UTC)
        return reader.read(Response("http://hub/api/models", None, data, encoding, read_at, True, False, 1))

    return look


@pytest.mark.parametrize(
    ("rows", "lowest", "highest"),
    [
        ([], None, None),
        ([{"_id": A}], A, A),
        ([{"_id": B, "likes": 1}, {"_id": A}], A, B),
        ([{"_id": A, "likes": None}], A, A),
        ([{"_id": A, "tags": ["a null tag"]}], A, A),
        ([{"_id": A}, {"id": "without"}], A, A),
        ([{"_id": A}, None], A, A),
        ([{"_id": A}, 7, "text", [{"_id": B}]], A, A),
        ([None], None, None),
        ([{"_id": "no hex"}], None, None),
        ([{"_id": 7}, {"_id": B}], B, B),
        ([{"_id": A.upper().replace("0", "A")}], None, None),
    ],
)
def test_sees_how_many_rows_and_which_ids(
    look: Callable[..., PageSummary], rows: list[Any], lowest: str | None, highest: str | None
) -> None:
    seen = look(rows)
    assert (seen.rows, seen.lowest_id, seen.highest_id) == (len(rows), lowest, highest)


@pytest.mark.parametrize("rows", [[{"_id": A}], [{"_id": A, "likes": None}], [{"_id": A, "createdAt": "x"}] * 3])
def test_keeps_the_text_of_a_page_as_it_came(look: Callable[..., PageSummary], rows: list[Any]) -> None:
    text = json.dumps(rows, separators=(",", ":")).encode()
    for body, encoding in ((text, ""), (gzip.compress(text), "gzip")):
        seen = look(body, encoding)
        assert (seen.body, seen.rows) == (text, len(rows))


@pytest.mark.parametrize("half", [r"\ud83d", r"\ude00", r"\ud83d and \ude00", r"\ude00\ud83d"])
def test_page_repairs_a_lone_surrogate(look: Callable[..., PageSummary], half: str) -> None:
    text = f'[{{"_id":"{A}","tags":["x{half}y","ü","\\ud83d\\ude00","日本"]}}]'.encode()
    for body, encoding in ((text, ""), (gzip.compress(text), "gzip")):
        seen = look(body, encoding)
        (row,) = json.loads(seen.body)
        assert row["_id"] == A
        assert row["tags"][0].startswith("x?") and row["tags"][0].endswith("?y")
        assert row["tags"][1:] == ["ü", "😀", "日本"]


WHOLE = json.dumps([{"_id": A, "tags": ["ü" * 400]}], ensure_ascii=False).encode()
PACKED = gzip.compress(WHOLE, mtime=0)
ORDINARY = json.dumps([{"_id": A, "createdAt": "x", "baseModels": {"models": [{"_id": B, "id": "a/p"}]}}] * 3).encode()
BAD = [
    *((ORDINARY[:-cut], "", "cut or no JSON") for cut in (1, 2, 3, 4, 5, 6, 20, 60, 150)),
    (ORDINARY[: ORDINARY.index(b"}]") + 2], "", "cut or no JSON"),
    (b"", "", "not a list but ''"),
    (b"{}", "", "not a list but '{}'"),
    (b'{"error":"rate limited"}', "", "rate limited"),
    (b"null", "", "not a list"),
    (b"<html>", "", "not a list but '<html>'"),
    (b'[{"_id":"' + A.encode(), "", "cut or no JSON"),
    (WHOLE[:-1], "", "cut or no JSON"),
    (WHOLE[:-2], "", "cut or no JSON"),
    (WHOLE + b"x", "", "cut or no JSON"),
    (WHOLE + WHOLE, "", "cut or no JSON"),
    (WHOLE[:100], "", "not UTF-8|cut or no JSON"),
    (b"[\xff\xfe]", "", "not UTF-8"),
    (WHOLE.decode().encode("latin-1"), "", "not UTF-8"),
    (b"[" * 100_000, "", "cut or no JSON"),
    (WHOLE, "gzip", "could not be unpacked"),
    (PACKED[:-9], "gzip", "was cut"),
    (PACKED[:20], "gzip", "was cut"),
    (b"", "gzip", "was cut"),
    (PACKED[:-8] + b"\x00" * 8, "gzip", "could not be unpacked"),
    (WHOLE, "br", "packed as 'br'"),
]


@pytest.mark.parametrize(("body", "encoding", "reason"), BAD, ids=lambda v: repr(v)[:24])
def test_refuses_what_is_no_whole_list(
    look: Callable[..., PageSummary], body: bytes, encoding: str, reason: str
) -> None:
    with pytest.raises(InvalidBody, match=reason):
        look(body, encoding)


@pytest.mark.parametrize("number", ["NaN", "1e999", "100000000000000000000000000"])
def test_absurd_number_does_not_spoil_its_page(look: Callable[..., PageSummary], number: str) -> None:
    assert look(f'[{{"_id":"{A}","downloads":{number}}}]'.encode()).rows == 1


def test_stays_usable_after_a_bad_page(look: Callable[..., PageSummary]) -> None:
    with pytest.raises(InvalidBody):
        look(b"[1")
    assert look([{"_id": A}]).rows == 1
