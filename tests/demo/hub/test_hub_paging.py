"""Paging as a law: whatever the rows, the order and the limit, a walk meets each row once."""

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from tracker.demo.catalog import Listing
from tracker.demo.hub.cursor import Position, decoded, encoded
from tracker.demo.hub.index import ListingIndex
from tracker.demo.hub.listing import Pages
from tracker.demo.hub.query import SORT_KEYS, list_query

NUMBERS = st.one_of(st.none(), st.integers(0, 3), st.floats(0, 3).map(lambda value: round(value, 1)))
DATES = st.sampled_from([None, "2026-08-01T00:00:00.000Z", "2026-08-02T00:00:00.000Z"])
VALUES = st.fixed_dictionaries(
    {
        "downloads": NUMBERS,
        "likes": NUMBERS,
        "trendingScore": NUMBERS,
        "lastModified": DATES,
        "author": st.sampled_from("ab"),
    }
)


def rows_of(values: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [
        {"_id": f"{number:024x}", "id": f"{value['author']}/m{number}"}
        | {key: item for key, item in value.items() if item is not None}
        for number, value in enumerate(values)
    ]


def expected(rows: list[dict[str, Any]], sort: str, is_ascending: bool) -> list[str]:
    """The order said plainly: by value with none as lowest, equal ones by `_id`; under createdAt by `_id` alone."""
    if sort == "createdAt":
        return sorted((row["_id"] for row in rows), reverse=not is_ascending)
    by_id = sorted(rows, key=lambda row: str(row["_id"]))
    valued = sorted(
        by_id,
        key=lambda row: (sort in row, row.get(sort, "" if sort == "lastModified" else 0)),
        reverse=not is_ascending,
    )
    return [row["_id"] for row in valued]


@given(
    values=st.lists(VALUES, max_size=25),
    sort=st.sampled_from(SORT_KEYS),
    direction=st.sampled_from(["1", "-1"]),
    limit=st.integers(1, 8),
    author=st.sampled_from([None, "a"]),
)
def test_walk_meets_each_row_once_and_in_order(
    values: list[dict[str, Any]], sort: str, direction: str, limit: int, author: str | None
) -> None:
    rows = rows_of(values)
    pages = Pages(ListingIndex(Listing(rows)))
    params = [("sort", sort), ("direction", direction), ("limit", str(limit))]
    params += [("author", author)] if author else []
    walked: list[str] = []
    page = pages.page(list_query(params))
    while True:
        walked += [row["_id"] for row in page.rows]
        if page.next_cursor is None:
            break
        assert len(page.rows) == limit
        page = pages.page(list_query([*params, ("cursor", page.next_cursor)]))
    chosen = [row for row in rows if author is None or row["author"] == author]
    assert walked == expected(chosen, sort, direction == "1")


@given(
    sort=st.sampled_from([key for key in SORT_KEYS if key not in ("createdAt", "lastModified")]),
    value=NUMBERS,
    hub_id=st.text(),
    is_ascending=st.booleans(),
)
def test_cursor_leads_back_to_its_place(sort: str, value: Any, hub_id: str, is_ascending: bool) -> None:
    place = Position(value, hub_id)
    assert decoded(encoded(place, sort, is_ascending), sort, is_ascending) == place
