"""The whole report as files: charts, data, badges, pages."""

from collections.abc import Callable, Mapping, Sequence

from dashboards.data import export
from dashboards.data.warehouse import Build, Store
from dashboards.queries import method, shared
from dashboards.report import chart_scripts, data_files, pages, picture, shares
from dashboards.report.badges import svg_bytes
from dashboards.report.data_files import Origin
from dashboards.report.exhibit import Exhibit, Missing
from dashboards.report.exhibits import exhibits, findings
from dashboards.report.pages import Site
from dashboards.text import footnotes as standing
from dashboards.text import method as method_words
from dashboards.text.report import licence

Tell = Callable[[str], None]


def files(store: Store, build: Build, base_url: str | None, tell: Tell) -> dict[str, bytes]:
    """Path within the site -> content. `tell` hears of each chart as it is made."""
    made: list[Exhibit] = []
    missing: list[Missing] = []
    for one in exhibits(store, build):
        tell(one.slug if isinstance(one, Exhibit) else f"{one.slug}: {one.because}")
        if isinstance(one, Exhibit):
            made.append(one)
        else:
            missing.append(one)
    site = _site(store, build, base_url, made, missing)
    return {**_shared(site), **_charts(site, _origin(store, build)), **_badges(site)}


def _site(
    store: Store, build: Build, base_url: str | None, made: Sequence[Exhibit], missing: Sequence[Missing]
) -> Site:
    coverage, version = shared.coverage(store), method.registry_version(store)
    return Site(
        exhibits=made,
        missing=missing,
        badges=tuple(shares.badges(store, build)),
        findings=findings(store, build),
        standing=standing.header(build, coverage),
        is_simulated=build.is_simulated,
        base_url=base_url,
        method=method_words.SUMMARY,
        citations=method_words.citations(build, version, coverage),
        licence=licence(_sources(store)),
        program_version=build.program_version,
        built_at=data_files.built_at(build),
    )


def _origin(store: Store, build: Build) -> Origin:
    coverage = shared.coverage(store)
    return Origin(
        build=build,
        scope=standing.scope_of(coverage),
        coverage=standing.header(build, coverage),
        registry_version=method.registry_version(store),
        sources=_sources(store),
    )


def _sources(store: Store) -> tuple[str, ...]:
    return tuple(method.sources(store)["source"].unique().sort())


def _shared(site: Site) -> Mapping[str, bytes]:
    found = {
        "index.html": pages.index(site).encode(),
        "assets/style.css": pages.style().encode(),
        "assets/draw.js": pages.drawing().encode(),
        "assets/vega.js": export.library().encode(),
    }
    return found | ({"og.png": picture.png_bytes(site.exhibits[0].figure)} if site.exhibits else {})


def _charts(site: Site, origin: Origin) -> Mapping[str, bytes]:
    found = {}
    for exhibit in site.exhibits:
        slug = exhibit.slug
        found[f"charts/{slug}.js"] = chart_scripts.script(exhibit.figure, slug)
        found[f"charts/{slug}.html"] = pages.chart(site, exhibit).encode()
        found[f"data/{slug}.csv"] = data_files.csv_bytes(exhibit, origin.build)
        found[f"data/{slug}.json"] = data_files.json_bytes(exhibit, origin.build)
        found[f"data/{slug}.metadata.json"] = data_files.metadata_bytes(exhibit, origin)
    return found


def _badges(site: Site) -> Mapping[str, bytes]:
    return {f"badges/{badge.slug}.svg": svg_bytes(badge) for badge in site.badges}
