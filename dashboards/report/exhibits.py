"""All charts of the report, in their order, and the findings above them."""

from collections.abc import Callable, Iterator
from functools import partial

from dashboards.report import origins, others
from dashboards.report.exhibit import Exhibit, Missing
from dashboards.store import Build, Store

Make = Callable[[str], Exhibit | Missing]


def exhibits(store: Store, build: Build) -> Iterator[Exhibit | Missing]:
    """Each chart under its slug: a link to it stays the same from day to day."""
    by_publisher, by_root = (origins.asked(store, build, lens) for lens in ("publisher", "root"))
    makers: dict[str, Make] = {
        "downloads-by-publisher": partial(origins.of_metric, by_publisher, "downloads_30d"),
        "downloads-by-root": partial(origins.of_metric, by_root, "downloads_30d"),
        "crossovers": partial(others.crossovers, by_publisher),
        "robustness": partial(others.moved, by_publisher),
        "families": partial(others.largest_families, by_root),
        "derivatives-by-root": partial(origins.derivatives, by_root),
        "cross-origin": partial(others.matrix, by_publisher),
        "concentration": partial(others.concentrated, by_publisher),
        "likes-by-publisher": partial(origins.of_metric, by_publisher, "likes"),
        "coverage": partial(others.covered, by_publisher),
    }
    for slug, make in makers.items():
        yield make(slug)


def findings(store: Store, build: Build) -> dict[str, tuple[str, ...]]:
    """Lens -> who is ahead, since when, and what moves that most, in sentences."""
    said = {}
    for lens in ("publisher", "root"):
        if found := origins.finding(origins.asked(store, build, lens), "downloads_30d"):
            said[lens] = tuple(filter(None, (found.headline, found.since, found.caveat)))
    return said
