"""Reading a list of models, and its summary."""

from datetime import date

import polars as pl
import pytest

from dashboards.text.reproduce import list_names, list_summary

READ = [
    (b"org,model,modelId\na,b,a/b\nc,d,c/d\n", ("a/b", "c/d")),
    (b"\xef\xbb\xbfmodelId\nz/z\na/b\n", ("a/b", "z/z")),
    (b"modelId,x\na/b,1\na/b,2\n ,3\n", ("a/b",)),
    (b"modelId\n'; drop table models --\n", ("'; drop table models --",)),
]
REFUSED = [
    (b"\xff\xfe\x00", "not UTF-8"),
    (b"", "no column modelId"),
    (b"modelid\na/b\n", "no column modelId"),
    (b"modelId\n\n", "is empty"),
    (b'modelId\n"' + b"x" * 200_000 + b'"\n', "not CSV"),
    (b"modelId\n" + b"\n".join(b"a/%d" % number for number in range(50_001)), "at most 50,000"),
]


@pytest.mark.parametrize(("content", "names"), READ)
def test_list_names_are_unique_and_sorted(content: bytes, names: tuple[str, ...]) -> None:
    assert list_names(content) == names


@pytest.mark.parametrize(("content", "sentence"), REFUSED, ids=[sentence for _, sentence in REFUSED])
def test_invalid_list_is_explained(content: bytes, sentence: str) -> None:
    found = list_names(content)
    assert isinstance(found, str) and sentence in found


def test_list_summary_counts_names_that_were_not_read_or_have_no_counter() -> None:
    listed = pl.DataFrame({"matched": [7], "read_on_day": [6], "counted": [5], "our_until": [date(2026, 8, 22)]})
    assert list_summary(9, listed) == (
        "Of 9 names in the list, 7 match a repository by name, 2 do not. Counters are of 22 Aug 2026; read on that "
        "day: 6, not read: 1. Without a known all-time counter: 1. The list is not part of this page's address: to see "
        "the same, others must load it too."
    )
