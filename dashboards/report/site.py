"""The report as files: charts, data, badges, pages."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial

from dashboards.data import export
from dashboards.data.warehouse import Build, Store
from dashboards.figures import news
from dashboards.figures.findings import Finding, finding
from dashboards.queries import bridge, method, rulers, shared
from dashboards.report import badges, chart_scripts, charts, data_files, feeds, pages
from dashboards.report.data_files import Provenance
from dashboards.report.exhibit import Exhibit, Missing
from dashboards.report.pages import Site
from dashboards.text import footnotes
from dashboards.text import method as method_words
from dashboards.text.report import licence, short_licence
from dashboards.text.terms import LENSES


def files(store: Store, build: Build, base_url: str | None, on_progress: Callable[[str], None]) -> dict[str, bytes]:
    """Path within the report -> content. `on_progress` gets the slug of each chart, and why a chart is missing."""
    drawn: list[Exhibit] = []
    missing: list[Missing] = []
    for exhibit in exhibits(store, build):
        if isinstance(exhibit, Exhibit):
            on_progress(exhibit.slug)
            drawn.append(exhibit)
        else:
            on_progress(f"{exhibit.slug}: {exhibit.because}")
            missing.append(exhibit)
    site, provenance = _site(store, build, base_url, drawn, missing), _provenance(store, build)
    made = {
        **_common_files(site),
        **_chart_files(site, provenance),
        **_badge_files(site),
        **feeds.files(site, build.last_day),
    }
    return {**made, data_files.INDEX: data_files.index_bytes(drawn, provenance, made)}


def exhibits(store: Store, build: Build) -> Iterator[Exhibit | Missing]:
    """All charts in the order of the page."""
    by_publisher, by_root = (charts.scope(store, build, lens) for lens in LENSES)
    on_rulers = {
        "rulers-countries": partial(charts.rulers, by_publisher, "origin"),
        "rulers-labs": partial(charts.rulers, by_publisher, "lab"),
    }
    makers: dict[str, Callable[[str], Exhibit | Missing]] = {
        "downloads-by-publisher": partial(charts.of_metric, by_publisher, charts.HEADLINE),
        "downloads-by-root": partial(charts.of_metric, by_root, charts.HEADLINE),
        "crossovers": partial(charts.crossovers, by_publisher),
        "robustness": partial(charts.robustness, by_publisher),
        **{f"bridge-{figure}": partial(charts.bridge, by_publisher, figure) for figure in bridge.choices(store)},
        "families": partial(charts.largest_families, by_root),
        "derivatives-by-root": partial(charts.derivatives, by_root),
        "cross-origin": partial(charts.matrix, by_publisher),
        "concentration": partial(charts.concentration, by_publisher),
        "likes-by-publisher": partial(charts.of_metric, by_publisher, "likes"),
        **({} if rulers.axes(store).is_empty() else on_rulers),
        "coverage": partial(charts.coverage, by_publisher),
    }
    for slug, make in makers.items():
        yield make(slug)


def findings(store: Store, build: Build) -> dict[str, Finding]:
    """Lens -> who is ahead by 30-day downloads; lenses without a known day are left out."""
    found = {lens: finding(charts.scope(store, build, lens), charts.HEADLINE) for lens in LENSES}
    return {lens: finding for lens, finding in found.items() if finding}


def _site(
    store: Store, build: Build, base_url: str | None, drawn: Sequence[Exhibit], missing: Sequence[Missing]
) -> Site:
    coverage, version = shared.coverage(store), method.registry_version(store)
    return Site(
        exhibits=drawn,
        missing=missing,
        badges=tuple(badges.badges(store, build)),
        findings=findings(store, build),
        coverage=footnotes.header(build, coverage),
        is_simulated=build.is_simulated,
        base_url=base_url,
        method=method_words.SUMMARY,
        citations=method_words.citations(build, version, coverage),
        licence=licence(_sources(store)),
        origin=f"{short_licence(_sources(store))} {base_url or ''}".strip(),
        program_version=build.program_version,
        built_at=data_files.built_at(build),
        news=news.recent(store, build),
    )


def _provenance(store: Store, build: Build) -> Provenance:
    coverage = shared.coverage(store)
    return Provenance(
        build=build,
        scope=footnotes.scope_of(coverage),
        coverage=footnotes.header(build, coverage),
        registry_version=method.registry_version(store),
        sources=_sources(store),
    )


def _sources(store: Store) -> tuple[str, ...]:
    return tuple(method.sources(store)["source"].unique().sort())


def _common_files(site: Site) -> Mapping[str, bytes]:
    files = {
        "index.html": pages.index(site).encode(),
        feeds.PAGE: pages.news(site).encode(),
        "assets/style.css": pages.style().encode(),
        "assets/draw.js": pages.drawing().encode(),
        "assets/vega.js": export.library().encode(),
    }
    if site.exhibits:
        files["og.png"] = chart_scripts.preview_png(site.exhibits[0].figure, site.origin)
    return files


def _chart_files(site: Site, provenance: Provenance) -> Mapping[str, bytes]:
    files = {}
    for exhibit in site.exhibits:
        slug = exhibit.slug
        files[f"charts/{slug}.js"] = chart_scripts.script(exhibit.figure, slug)
        files[f"charts/{slug}.html"] = pages.chart(site, exhibit).encode()
        files[f"data/{slug}.csv"] = data_files.csv_bytes(exhibit, provenance.build)
        files[f"data/{slug}.json"] = data_files.json_bytes(exhibit, provenance.build)
        files[f"data/{slug}.metadata.json"] = data_files.metadata_bytes(exhibit, provenance)
    return files


def _badge_files(site: Site) -> Mapping[str, bytes]:
    return {f"badges/{badge.slug}.svg": badges.svg_bytes(badge) for badge in site.badges}
