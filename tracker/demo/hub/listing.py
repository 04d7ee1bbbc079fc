"""Pages of the list route: the rows of a query and the cursor of the next page."""

from bisect import bisect_left
from dataclasses import dataclass

from tracker.demo.catalog import Row
from tracker.demo.hub import cursor as cursors
from tracker.demo.hub.index import ListingIndex, Positions, ordered
from tracker.demo.hub.query import ListQuery, Selection

CACHED_SELECTIONS = 32


@dataclass(frozen=True, slots=True)
class Page:
    """Rows in order; `next_cursor` is None on the last page."""

    rows: list[Row]
    next_cursor: str | None


class Pages:
    """The pages of one listing. Orders and selections are cached, so that the next page costs one bisection."""

    def __init__(self, index: ListingIndex) -> None:
        """Serve the listing of `index`."""
        self._index = index
        self._rows = index.listing.rows
        self._cache: dict[tuple[Selection, str, bool], Positions] = {}

    def page(self, query: ListQuery) -> Page:
        """The rows of `query` after its cursor, at most `limit`."""
        positions = self._positions(query)
        start = self._start(positions, query)
        stop = start + query.limit
        rows = [self._rows[position] for position in positions[start:stop]]
        if stop >= len(positions):
            return Page(rows, None)
        value = None if query.sort == cursors.CREATION else rows[-1].get(query.sort)
        position = cursors.Position(value, rows[-1]["_id"])
        return Page(rows, cursors.encoded(position, query.sort, query.is_ascending))

    def _positions(self, query: ListQuery) -> Positions:
        key = (query.selection, query.sort, query.is_ascending)
        if key not in self._cache:
            if len(self._cache) >= CACHED_SELECTIONS:
                del self._cache[next(iter(self._cache))]
            self._cache[key] = self._selected_in_order(query)
        return self._cache[key]

    def _selected_in_order(self, query: ListQuery) -> Positions:
        chosen = selected(self._index, query.selection)
        if query.sort == cursors.CREATION:
            return chosen if query.is_ascending else chosen[::-1]
        if len(chosen) == len(self._rows):
            return self._index.order(query.sort, query.is_ascending)
        return ordered(self._rows, chosen, query.sort, query.is_ascending)

    def _start(self, positions: Positions, query: ListQuery) -> int:
        position = query.after
        if position is None:
            return 0
        return bisect_left(
            range(len(positions)), True, key=lambda at: _is_after(self._rows[positions[at]], position, query)
        )


def selected(index: ListingIndex, selection: Selection) -> Positions:
    """Positions of the rows that meet every condition of `selection`, ascending."""
    positions = _narrowed(index, selection)
    if selection.search is not None:
        text = selection.search.lower()
        positions = [at for at in positions if text in index.lower_names[at]]
    if _has_conditions_on_rows(selection):
        rows = index.listing.rows
        positions = [at for at in positions if _fits(rows[at], selection)]
    return positions


def _narrowed(index: ListingIndex, selection: Selection) -> Positions:
    """Positions that match author and tags, by the indexes."""
    found = [index.by_tag.get(tag, ()) for tag in selection.tags]
    if selection.author is not None:
        found.append(index.by_author.get(selection.author, ()))
    if not found:
        return range(len(index.listing.rows))
    smallest, *others = sorted(found, key=len)
    keep = [set(positions) for positions in others]
    return [at for at in smallest if all(at in positions for positions in keep)]


def _has_conditions_on_rows(selection: Selection) -> bool:
    conditions = (selection.is_gated, selection.pipeline_tag, selection.params_min, selection.params_max)
    return any(condition is not None for condition in conditions)


def _fits(row: Row, selection: Selection) -> bool:
    if selection.is_gated is not None and bool(row.get("gated")) != selection.is_gated:
        return False
    if selection.pipeline_tag is not None and row.get("pipeline_tag") != selection.pipeline_tag:
        return False
    if selection.params_min is None and selection.params_max is None:
        return True
    size = _params_total(row)
    if size is None:
        return False
    return (selection.params_min or 0) <= size <= (selection.params_max or float("inf"))


def _params_total(row: Row) -> float | None:
    for name in ("safetensors", "gguf"):
        total: float | None = (row.get(name) or {}).get("total")
        if total is not None:
            return total
    return None


def _is_after(row: Row, position: cursors.Position, query: ListQuery) -> bool:
    """Whether `row` comes after `position` in the query's order, where a missing value is the lowest."""
    hub_id: str = row["_id"]
    if query.sort == cursors.CREATION:
        return hub_id > position.hub_id if query.is_ascending else hub_id < position.hub_id
    value = row.get(query.sort)
    if value == position.value:
        return hub_id > position.hub_id
    if value is None or position.value is None:
        return (value is None) != query.is_ascending
    return bool(value > position.value) == query.is_ascending
