"""One crawl: download the pages, write them into the lake, and record in a manifest whether it is complete."""

import shutil
import time
from collections.abc import Callable, Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Protocol

from tracker.domain import LakeFile, Manifest, Page, Scope
from tracker.errors import HomeError, SettingsError
from tracker.hub.checks import (
    check_fields,
    check_hub_day,
    check_same_kind,
    listing_size_problem,
    refuse_real_endpoint,
    rejected_rows_problem,
)
from tracker.hub.client import HubClient, Response
from tracker.hub.landing import Tally, land_pages
from tracker.hub.listing import is_on_this_machine, origin
from tracker.hub.scopes import ScopePlan, plan_scope
from tracker.hub.spool import JOURNAL, Spool
from tracker.hub.walk import Crawler
from tracker.lake.lake import Lake, locked
from tracker.registry.entries import Registry
from tracker.version import VERSION


@dataclass(frozen=True, slots=True)
class CrawlOptions:
    """Options of one crawl."""

    day: date
    scope: Scope
    families: tuple[str, ...] = ()
    force: bool = False
    max_requests: int | None = None
    is_today: bool = False
    """The day was taken from this machine's clock. If it was given instead, a Hub on this machine may have another day
    on its clock, as those of tests do."""

    @property
    def crawl(self) -> str:
        """Name of the crawl: day and scope."""
        return f"{self.day.isoformat()}-{self.scope}"

    @property
    def run(self) -> str:
        """Name of the folder with its pages. Another choice of families gives another folder."""
        return "-".join([self.crawl, *sorted(family.lower() for family in self.families)])


@dataclass(frozen=True, slots=True)
class CrawlResult:
    """Manifest of a crawl, new or already in the lake."""

    manifest: Manifest
    was_complete: bool
    """True if the day was already complete: no request was sent and nothing changed."""


class Progress(Protocol):
    """Receives the progress of a crawl. Its methods may be called from several threads."""

    def begin(self, options: CrawlOptions, plan: ScopePlan, resumed_pages: int) -> None:
        """Called with the plan, before the first request."""

    def page(self, page: Page, hub: HubClient) -> None:
        """Called when a page is on disk."""

    def landing(self, pages: int) -> None:
        """Called when all pages are read, before they are written into the lake."""

    def end(self) -> None:
        """Called when the crawl ends, also after an error."""


def crawl(
    lake: Lake,
    options: CrawlOptions,
    hub: HubClient,
    registry: Registry,
    progress: Progress,
    now: Callable[[], datetime],
    clock: Callable[[], float] = time.monotonic,
) -> CrawlResult:
    """Crawl one scope into the lake. Resumes an interrupted run of the same day and scope.

    A complete day is not crawled again unless `options.force`; an incomplete one is. Raises HubError (downloaded
    pages stay), BudgetSpent, HomeError (locked, damaged, or simulated and real data would mix), SettingsError.
    """
    with locked(lake.home, "crawl"):
        manifests = lake.manifests()
        unreplaced = [manifest for manifest in manifests if not (options.force and manifest.crawl == options.crawl)]
        lake.check_files(unreplaced)
        existing = next((manifest for manifest in manifests if manifest.crawl == options.crawl), None)
        if existing is not None:
            _delete_finished_run(lake.runs / options.run, existing)
            if existing.is_complete and not options.force:
                _refuse_other_families(options, existing)
                return CrawlResult(existing, was_complete=True)
        with closing(Spool(lake.runs / options.run)) as spool:
            manifest = _crawl(lake, manifests, options, hub, registry, progress, spool, now, clock)
        lake.save_manifest(manifest)
        _delete_run(spool.folder)
        return CrawlResult(manifest, was_complete=False)


def _crawl(
    lake: Lake,
    manifests: list[Manifest],
    options: CrawlOptions,
    hub: HubClient,
    registry: Registry,
    progress: Progress,
    spool: Spool,
    now: Callable[[], datetime],
    clock: Callable[[], float],
) -> Manifest:
    """Download the remaining pages, write the lake's files, and return the manifest, which is not saved yet."""
    refuse_real_endpoint(lake.home, manifests, hub.endpoint)
    _refuse_other_endpoint(spool, hub.endpoint)
    last = _last_complete(manifests, options)
    plan = plan_scope(options.scope, hub.endpoint, registry, spool, options.families, last.models if last else None)

    def check(response: Response) -> None:
        check_same_kind(lake, manifests, response.is_simulated)
        if not response.is_replayed and (options.is_today or not is_on_this_machine(hub.endpoint)):
            check_hub_day(options.day, response.read_at, has_begun=bool(spool.pages()), is_today=options.is_today)

    progress.begin(options, plan, len(spool.pages()))
    started, started_clock = _started(spool, now()), clock()
    try:
        plan.run(
            Crawler(
                hub,
                spool,
                max_requests=options.max_requests,
                check=check,
                on_page=lambda page: progress.page(page, hub),
            )
        )
        check_same_kind(lake, manifests, spool.is_simulated)
        progress.landing(len(spool.pages()))
        files, tally = _write(lake, manifests, options, spool, last)
    finally:
        spool.note(run_seconds=clock() - started_clock)
        progress.end()
    problem = rejected_rows_problem(tally) or plan.gap() or listing_size_problem(tally, last)
    return _manifest(options, spool, files, tally, hub, registry, problem, started, now())


def _write(
    lake: Lake, manifests: list[Manifest], options: CrawlOptions, spool: Spool, last: Manifest | None
) -> tuple[tuple[LakeFile, ...], Tally]:

    def check(tally: Tally) -> None:
        check_fields(tally, last, spool.folder)

    with lake.explain_damage(manifests):
        return land_pages(lake, options.day, options.scope, spool.folder, spool.pages(), check)


def _started(spool: Spool, now: datetime) -> datetime:
    """Start of the first run of this crawl."""
    spool.note(run_started_at=now)
    first = next(note for note in spool.notes if "run_started_at" in note)
    return datetime.fromisoformat(str(first["run_started_at"]))


def _delete_finished_run(folder: Path, manifest: Manifest) -> None:
    """Delete the pages of this crawl if a run was killed after it had saved the manifest."""
    if not folder.exists():
        return
    with closing(Spool(folder)) as spool:
        starts = [note["run_started_at"] for note in spool.notes if "run_started_at" in note]
    if not starts or datetime.fromisoformat(str(starts[0])) == manifest.started_at:
        _delete_run(folder)


def _delete_run(folder: Path) -> None:
    """Delete a run folder, journal first, so that an interrupted delete leaves no journal entry without its page."""
    (folder / JOURNAL).unlink(missing_ok=True)
    shutil.rmtree(folder, ignore_errors=True)


def _has_same_families(options: CrawlOptions, manifest: Manifest) -> bool:
    return {name.lower() for name in manifest.families} == {name.lower() for name in options.families}


def _refuse_other_families(options: CrawlOptions, landed: Manifest) -> None:
    if not _has_same_families(options, landed):
        raise SettingsError(
            f"{options.day} already has a crawl of the families {', '.join(landed.families)}. To replace it, give all "
            "families with --family and add --force."
        )


def _refuse_other_endpoint(spool: Spool, endpoint: str) -> None:
    for page in spool.pages():
        if origin(page.url) != origin(endpoint):
            raise HomeError(
                f"{spool.folder} holds pages of an interrupted crawl of {origin(page.url)}, but this crawl reads "
                f"{origin(endpoint)}. Set HF_ENDPOINT back to finish that one, or move the folder away."
            )


def _last_complete(manifests: Sequence[Manifest], options: CrawlOptions) -> Manifest | None:
    same = [
        manifest
        for manifest in manifests
        if manifest.scope == options.scope
        and _has_same_families(options, manifest)
        and manifest.is_complete
        and manifest.day < options.day
    ]
    return same[-1] if same else None


def _manifest(
    options: CrawlOptions,
    spool: Spool,
    files: tuple[LakeFile, ...],
    tally: Tally,
    hub: HubClient,
    registry: Registry,
    problem: str | None,
    started: datetime,
    ended: datetime,
) -> Manifest:
    pages = spool.pages()
    return Manifest(
        crawl=options.crawl,
        day=options.day,
        scope=options.scope,
        families=options.families,
        source="crawl",
        endpoint=hub.endpoint,
        started_at=started,
        ended_at=ended,
        seconds=round(sum(float(str(note.get("run_seconds", 0))) for note in spool.notes), 3),
        requests=sum(page.attempts for page in pages),
        pages=len(pages),
        rows_read=tally.rows_read,
        models=tally.models,
        duplicates=tally.duplicates,
        refused=sum(tally.refused_because.values()),
        refused_because=dict(tally.refused_because.most_common()),
        told=dict(tally.field_counts),
        refused_examples=tuple(f"{example}: {reason}" for reason, example in tally.refused_examples.items()),
        new_models=tally.new_models,
        changed_models=tally.changed_models,
        is_complete=problem is None,
        incomplete_because=problem,
        is_simulated=spool.is_simulated,
        program_version=VERSION,
        registry_version=registry.version,
        files=files,
    )
