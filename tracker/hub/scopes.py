"""Plan of each scope: its walks, the expected number of requests, and when the listing is complete."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from tracker.database import connect, rows
from tracker.domain import Page, Scope
from tracker.errors import SettingsError
from tracker.hub.listing import PAGE_ROWS, listing_url
from tracker.hub.parse import CAREFUL_ROWS, load_pages, prepare
from tracker.hub.spool import Spool, slices
from tracker.hub.walk import Crawler, Sweep, Walk
from tracker.registry.entries import Family, Registry
from tracker.registry.patterns import compiled

HUB_MODELS = 3_300_000
"""Public models of the Hub in November 2026, extrapolated. Only used to announce the length of a first sweep."""


@dataclass(frozen=True, slots=True)
class ScopePlan:
    """Walks of one crawl."""

    run: Callable[[Crawler], None]
    gap: Callable[[], str | None]
    """Call it after `run`: a sentence if the listing is incomplete, else None."""

    expected_requests: int


def plan_scope(
    scope: Scope, endpoint: str, registry: Registry, spool: Spool, families: tuple[str, ...], last_models: int | None
) -> ScopePlan:
    """Return the plan for `scope`. Raises SettingsError for an unknown family, or if scope families has none."""
    if scope == Scope.HUB:
        sweep = Sweep(spool)
        pages = -(-(last_models or HUB_MODELS) // PAGE_ROWS)
        return ScopePlan(lambda crawler: crawler.run(sweep.walks(endpoint), sweep.has_met), sweep.gap, pages)
    labs = _lab_walks(endpoint, registry)
    pages_of_labs = max(200, len(labs) + (last_models or 0) // PAGE_ROWS)
    if scope == Scope.LABS:
        return ScopePlan(lambda crawler: crawler.run(labs), lambda: None, pages_of_labs)
    chosen = _chosen(registry, families)

    def run(crawler: Crawler) -> None:
        crawler.run(labs)
        _walk_descendants(crawler, spool, endpoint, registry, chosen)

    return ScopePlan(run, lambda: None, pages_of_labs)


def _lab_walks(endpoint: str, registry: Registry) -> list[Walk]:
    handles = [organization.handle for organization in registry.organizations]
    return [Walk(f"author={handle}", listing_url(endpoint, author=handle)) for handle in handles]


def _chosen(registry: Registry, families: tuple[str, ...]) -> list[Family]:
    known = {family.id.lower(): family for family in registry.families}
    if not families:
        raise SettingsError(f"--scope families needs at least one --family; known families: {', '.join(known)}")
    for name in families:
        if name.lower() not in known:
            raise SettingsError(f"--family {name}: the registry has no such family; known families: {', '.join(known)}")
    return [known[name.lower()] for name in families]


_NAMES = f"""
select distinct repo_id, coalesce(downloads_30d, 0) + coalesce(likes, 0) > 0 from ({CAREFUL_ROWS}) where problem is null
"""


def _walk_descendants(crawler: Crawler, spool: Spool, endpoint: str, registry: Registry, chosen: list[Family]) -> None:
    """List the children of all members, then the children of those that are used, until there are no more.

    The children of a model without downloads and likes are not listed: there are hardly any, and each listing costs a
    request.
    """
    listed: set[str] = set()
    members = set(_members(spool, registry, chosen))
    while fresh := sorted(members - listed):
        walks = {f"base_model:{parent}": parent for parent in fresh}
        crawler.run([Walk(name, listing_url(endpoint, filter=name)) for name in walks])
        listed |= set(fresh)
        pages = [page for name in walks for page in spool.pages(name)]
        members |= {repo_id for repo_id, is_used in _names(spool, pages) if is_used}


def _members(spool: Spool, registry: Registry, chosen: list[Family]) -> Iterable[str]:
    """Repositories on the labs' pages that match the patterns of the chosen families."""
    for family in chosen:
        patterns = [compiled(pattern) for pattern in family.patterns]
        for organization in registry.organizations:
            if organization.lab == family.lab:
                for repo_id, _ in _names(spool, spool.pages(f"author={organization.handle}")):
                    if any(pattern.search(repo_id.partition("/")[2]) for pattern in patterns):
                        yield repo_id


def _names(spool: Spool, pages: list[Page]) -> list[tuple[str, bool]]:
    """Names on these pages, and whether the model has a like or a download in the last 30 days."""
    found: set[tuple[str, bool]] = set()
    with connect() as connection:
        prepare(connection)
        for few in slices(spool.folder, pages):
            load_pages(connection, few)
            found.update(rows(connection, _NAMES))
    return sorted(found)
