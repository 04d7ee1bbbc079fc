"""All charts of the report, in their order, and the findings above them."""

from collections.abc import Callable, Iterator
from functools import partial

from dashboards.data.warehouse import Build, Store
from dashboards.figures.findings import Finding, finding
from dashboards.report import charts, origins
from dashboards.report.exhibit import Exhibit, Missing
from dashboards.text.terms import LENSES

Make = Callable[[str], Exhibit | Missing]


def exhibits(store: Store, build: Build) -> Iterator[Exhibit | Missing]:
    """Each chart under its slug: a link to it stays the same from day to day."""
    by_publisher, by_root = (origins.asked(store, build, lens) for lens in LENSES)
    makers: dict[str, Make] = {
        "downloads-by-publisher": partial(origins.of_metric, by_publisher, origins.HEADLINE),
        "downloads-by-root": partial(origins.of_metric, by_root, origins.HEADLINE),
        "crossovers": partial(charts.crossovers, by_publisher),
        "robustness": partial(charts.moved, by_publisher),
        "families": partial(charts.largest_families, by_root),
        "derivatives-by-root": partial(origins.derivatives, by_root),
        "cross-origin": partial(charts.matrix, by_publisher),
        "concentration": partial(charts.concentrated, by_publisher),
        "likes-by-publisher": partial(origins.of_metric, by_publisher, "likes"),
        "coverage": partial(charts.covered, by_publisher),
    }
    for slug, make in makers.items():
        yield make(slug)


def findings(store: Store, build: Build) -> dict[str, Finding]:
    """Lens -> who is ahead by 30-day downloads, where those of any day are known."""
    found = {lens: finding(origins.asked(store, build, lens), origins.HEADLINE) for lens in LENSES}
    return {lens: finding for lens, finding in found.items() if finding}
