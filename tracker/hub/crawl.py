"""One crawl from its order to its manifest: read, land, judge whether it is whole."""

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
from tracker.hub.checks import check_fields, check_hub_day, check_same_kind, listing_size_problem, rejected_rows_problem
from tracker.hub.client import HubClient, Response
from tracker.hub.landing import Tally, land_pages
from tracker.hub.listing import origin
from tracker.hub.scopes import ScopePlan, plan_scope
from tracker.hub.spool import JOURNAL, Spool
from tracker.hub.walk import Crawler
from tracker.lake.lake import Lake, locked
from tracker.registry.entries import Registry
from tracker.version import VERSION


@dataclass(frozen=True, slots=True)
class CrawlOptions:
    """What is asked of one crawl."""

    day: date
    scope: Scope
    families: tuple[str, ...] = ()
    force: bool = False
    max_requests: int | None = None
    is_today: bool = False
    """The day was not named but taken from this machine's clock; the Hub's has to agree."""

    @property
    def crawl(self) -> str:
        """Its name: day and scope."""
        return f"{self.day.isoformat()}-{self.scope}"

    @property
    def run(self) -> str:
        """Name of the folder of its pages: another choice of families is another run."""
        return "-".join([self.crawl, *sorted(family.lower() for family in self.families)])


@dataclass(frozen=True, slots=True)
class CrawlResult:
    """What a crawl ended with."""

    manifest: Manifest
    was_complete: bool
    """True if the day was finished before, so that nothing was asked and nothing changed."""


class Progress(Protocol):
    """Hears how a crawl goes on; its methods may be called from several threads."""

    def begin(self, order: CrawlOptions, plan: ScopePlan, resumed_pages: int) -> None:
        """The plan is made; nothing has been asked in this run."""

    def page(self, page: Page, hub: HubClient) -> None:
        """A page is on disk."""

    def landing(self, pages: int) -> None:
        """All pages are read; they are now written into the lake."""

    def end(self) -> None:
        """The crawl is over, well or not."""


def crawl(
    lake: Lake,
    order: CrawlOptions,
    hub: HubClient,
    registry: Registry,
    progress: Progress,
    now: Callable[[], datetime],
    clock: Callable[[], float] = time.monotonic,
) -> CrawlResult:
    """Reads the ordered scope into the lake, going on where an interrupted run of the same day and scope stopped.

    A finished day is left alone unless `order.force`; one that landed incomplete is read again. Raises HubError (the
    pages read stay), BudgetSpent, HomeError (locked or damaged, or data of two kinds would mix), SettingsError.
    """
    with locked(lake.home, "crawl"):
        held = lake.manifests()
        kept = [manifest for manifest in held if not (order.force and manifest.crawl == order.crawl)]
        lake.check_files(kept)
        landed_before = next((manifest for manifest in held if manifest.crawl == order.crawl), None)
        if landed_before is not None:
            _clear_landed(lake.runs / order.run, landed_before)
            if landed_before.is_complete and not order.force:
                _refuse_other_families(order, landed_before)
                return CrawlResult(landed_before, was_complete=True)
        with closing(Spool(lake.runs / order.run)) as spool:
            manifest = _read(lake, held, order, hub, registry, progress, spool, now, clock)
        lake.save_manifest(manifest)
        _clear(spool.folder)
        return CrawlResult(manifest, was_complete=False)


def _read(
    lake: Lake,
    held: list[Manifest],
    order: CrawlOptions,
    hub: HubClient,
    registry: Registry,
    progress: Progress,
    spool: Spool,
    now: Callable[[], datetime],
    clock: Callable[[], float],
) -> Manifest:
    """Reads what is still to be read and lands it; what it returns is not saved yet."""
    _refuse_other_endpoint(spool, hub.endpoint)
    last = _last_complete(held, order)
    plan = plan_scope(order.scope, hub.endpoint, registry, spool, order.families, last.models if last else None)

    def accept(answer: Response) -> None:
        check_same_kind(lake, held, answer.is_simulated)
        if order.is_today and not answer.is_replayed:
            check_hub_day(order.day, answer.read_at, has_begun=bool(spool.pages()))

    progress.begin(order, plan, len(spool.pages()))
    started, started_clock = _started(spool, now()), clock()
    try:
        plan.run(
            Crawler(
                hub,
                spool,
                max_requests=order.max_requests,
                accept=accept,
                on_page=lambda page: progress.page(page, hub),
            )
        )
        check_same_kind(lake, held, spool.is_simulated)
        progress.landing(len(spool.pages()))
        files, tally = _land(lake, held, order, spool, last)
    finally:
        spool.note(run_seconds=clock() - started_clock)
        progress.end()
    problem = rejected_rows_problem(tally) or plan.gap() or listing_size_problem(tally, last)
    return _manifest(order, spool, files, tally, hub, registry, problem, started, now())


def _land(
    lake: Lake, held: list[Manifest], order: CrawlOptions, spool: Spool, last: Manifest | None
) -> tuple[tuple[LakeFile, ...], Tally]:

    def accept(tally: Tally) -> None:
        check_fields(tally, last, spool.folder)

    with lake.explain_damage(held):
        return land_pages(lake, order.day, order.scope, spool.folder, spool.pages(), accept)


def _started(spool: Spool, now: datetime) -> datetime:
    """When the first run of this crawl began."""
    spool.note(run_started_at=now)
    first = next(note for note in spool.notes if "run_started_at" in note)
    return datetime.fromisoformat(str(first["run_started_at"]))


def _clear_landed(folder: Path, manifest: Manifest) -> None:
    """Removes the pages of this very crawl, where a run was stopped between its manifest and its end."""
    if not folder.exists():
        return
    with closing(Spool(folder)) as spool:
        begun = [note["run_started_at"] for note in spool.notes if "run_started_at" in note]
    if not begun or datetime.fromisoformat(str(begun[0])) == manifest.started_at:
        _clear(folder)


def _clear(folder: Path) -> None:
    """Removes a run folder, the journal first: stopped half-way, what is left tells of no page."""
    (folder / JOURNAL).unlink(missing_ok=True)
    shutil.rmtree(folder, ignore_errors=True)


def _has_same_families(order: CrawlOptions, manifest: Manifest) -> bool:
    return {name.lower() for name in manifest.families} == {name.lower() for name in order.families}


def _refuse_other_families(order: CrawlOptions, landed: Manifest) -> None:
    if not _has_same_families(order, landed):
        raise SettingsError(
            f"{order.day} already has a crawl of the families {', '.join(landed.families)}. Name all wanted ones with "
            "--family and add --force to replace it."
        )


def _refuse_other_endpoint(spool: Spool, endpoint: str) -> None:
    for page in spool.pages():
        if origin(page.url) != origin(endpoint):
            raise HomeError(
                f"{spool.folder} holds pages of an interrupted crawl of {origin(page.url)}, and this one is of "
                f"{origin(endpoint)}. Set HF_ENDPOINT back to finish that one, or move the folder away."
            )


def _last_complete(held: Sequence[Manifest], order: CrawlOptions) -> Manifest | None:
    same = [
        manifest
        for manifest in held
        if manifest.scope == order.scope
        and _has_same_families(order, manifest)
        and manifest.is_complete
        and manifest.day < order.day
    ]
    return same[-1] if same else None


def _manifest(
    order: CrawlOptions,
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
        crawl=order.crawl,
        day=order.day,
        scope=order.scope,
        families=order.families,
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
        told=dict(tally.told),
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
