"""The badges of a warehouse: shares of downloads of the origins under both lenses and of the largest families."""

from collections.abc import Iterator

from dashboards.charts import colours
from dashboards.data import format, vocabulary
from dashboards.data.warehouse import Build, Store
from dashboards.figures import findings
from dashboards.queries import family, shared
from dashboards.report import origins
from dashboards.report.badges import Badge
from dashboards.report.charts import MOST_FAMILIES
from dashboards.text import family as family_words
from dashboards.text import footnotes, terms


def badges(store: Store, build: Build) -> Iterator[Badge]:
    """A badge for each origin that charts draw by name, and for each of the largest families."""
    for lens in terms.LENSES:
        found = findings.latest(origins.asked(store, build, lens), origins.HEADLINE)
        if found is None:
            continue
        for code, share in found.rows.select("code", "share").iter_rows():
            if code in colours.ORIGINS and code != vocabulary.NOT_KNOWN and share is not None:
                slug = f"origin-{code.lower()}-by-{lens}"
                yield _badge(store, build, slug, found.names[code], share, lens, str(found.day))
    day = shared.last_whole_day(store)
    largest = family_words.largest_totals(family.largest_families(store, day, MOST_FAMILIES))
    for row in largest.iter_rows(named=True):
        yield _badge(
            store, build, format.file_stem("family", row["family"]), row["name"], row["share"], "root", str(day)
        )


def _badge(store: Store, build: Build, slug: str, name: str, share: float, lens: str, day: str) -> Badge:
    percent, by_root = format.percent(share, 0), " by root" if slug.endswith("-by-root") else ""
    simulated = " (simulated)" if build.is_simulated else ""
    label = " Simulated data, not the real Hub." if build.is_simulated else ""
    scope = footnotes.scope_of(shared.coverage(store))
    title = f"{name}: {format.percent(share)} of 30-day downloads on {day}, by {lens}. Scope: {scope}.{label}"
    return Badge(slug, name, f"{percent} of downloads{by_root}{simulated}", title)
