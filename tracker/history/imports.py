"""One import from its order to its report: what is offered, what of it is new, landed day by day."""

import shutil
from collections.abc import Callable
from datetime import datetime

from tracker.domain import Manifest, Source
from tracker.errors import HomeError, HubError, SettingsError
from tracker.history.archives import ARCHIVES, Archive, Selection
from tracker.history.landing import Landing, Provenance
from tracker.history.ledger import Ledger
from tracker.history.matching import Matcher, RejectedRows
from tracker.history.types import ArchiveFile, ImportOptions, ImportResult
from tracker.history.user_file import UserFile, user_file
from tracker.hub.datasets import DatasetClient, NotFound
from tracker.lake.lake import Lake, locked

Tell = Callable[[str], None]
Now = Callable[[], datetime]


def import_archive(
    lake: Lake, order: ImportOptions, endpoint: str, is_offline: bool, registry: str, now: Now, tell: Tell
) -> ImportResult:
    """Brings the days wanted of an archive into the lake; what has landed is not fetched again.

    Raises HubError if the Hub cannot be asked, DataError if the archive's layout has changed (nothing lands then),
    HomeError if another import is running or simulated and real data would mix.
    """
    if not endpoint.startswith(("http://", "https://")):
        raise SettingsError(f"HF_ENDPOINT is {endpoint!r}; it must begin with https:// or http://.")
    archive = ARCHIVES[order.source]
    if is_offline:
        raise HubError(f"HF_HUB_OFFLINE is set, so no request was sent to {archive.repo_id}. Unset it to import.")
    with locked(lake.home, "import"), DatasetClient(archive.repo_id, endpoint) as upstream:
        held = _whole(lake)
        revision, is_simulated = upstream.head()
        _refuse_mixture(lake, held, is_simulated)
        place = f"{endpoint}/datasets/{archive.repo_id}"
        landing = _landing(lake, order, held, Provenance(order.source, place, is_simulated, registry, now()))
        notes = Ledger(lake, order.source)

        def is_needed(piece: ArchiveFile) -> bool:
            is_landed = piece.first == piece.last and piece.first in landing.finished()
            return not is_landed and not notes.has(piece, order)

        found = ImportResult(order.source, days_before=len(landing.held))
        offer = archive.offer(order, upstream, revision, landing.folder, is_needed)
        found.skipped, found.notes, landing.partial = offer.skipped, offer.notes, frozenset(offer.partial)
        with lake.explain_damage(held), Matcher(landing.folder, lake) as scratch:
            scratch.told(lake.files("models", list(landing.held.values())))
            found.rematched = landing.rematch(scratch)
            if offer.pieces:
                _take_all(archive, offer, upstream, scratch, landing, notes, now, tell, found)
        shutil.rmtree(landing.folder, ignore_errors=True)
        return found


def import_file(lake: Lake, order: ImportOptions, registry: str, now: Now) -> ImportResult:
    """Brings the user's file into the lake; a file of the same name that was imported before is replaced.

    Raises UsageError, DataError and HomeError.
    """
    file = user_file(order.file)
    with locked(lake.home, "import"):
        held, piece, notes = _whole(lake), file.piece(), Ledger(lake, file.scope)
        is_simulated = any(manifest.is_simulated for manifest in held)
        landing = _landing(lake, order, held, Provenance(file.scope, "file", is_simulated, registry, now()))
        found = ImportResult(file.scope, days_before=len(landing.held), notes=[file.told()])
        with lake.explain_damage(held), Matcher(landing.folder, lake) as scratch:
            scratch.told(lake.files("models", list(landing.held.values())))
            if notes.has(piece, order):
                found.rematched = landing.rematch(scratch)
            else:
                _take_file(file, piece, scratch, landing, now, found)
                notes.add(piece, order)
        shutil.rmtree(landing.folder, ignore_errors=True)
        return found


def remove(lake: Lake, source: Source) -> int:
    """Takes all days of a source out of the lake; returns how many. Raises HomeError while something runs."""
    with locked(lake.home, "import"), locked(lake.home, "build"):
        gone = [manifest for manifest in lake.manifests() if manifest.source == source]
        for manifest in gone:
            lake.remove_crawl(manifest)
        Ledger.remove(lake, source)
        shutil.rmtree(lake.runs / f"import-{source}", ignore_errors=True)
        return len(gone)


def _whole(lake: Lake) -> list[Manifest]:
    """What has landed. Raises HomeError if a file of it is missing or altered."""
    held = lake.manifests()
    lake.check_files(held)
    return held


def _landing(lake: Lake, order: ImportOptions, held: list[Manifest], provenance: Provenance) -> Landing:
    of_source = {manifest.day: manifest for manifest in held if manifest.scope == provenance.scope}
    return Landing(lake, order, provenance, lake.runs / f"import-{provenance.scope}", of_source)


def _take_all(
    archive: Archive,
    offer: Selection,
    upstream: DatasetClient,
    scratch: Matcher,
    landing: Landing,
    notes: Ledger,
    now: Now,
    tell: Tell,
    found: ImportResult,
) -> None:
    """Takes in one file after the other; each is noted once all its days have landed."""
    size = sum(piece.size for piece in offer.pieces) / 1e6
    tell(f"Reading {len(offer.pieces)} files of {archive.repo_id}, {size:,.1f} MB if they were read whole.")
    if offer.renames:
        scratch.rename(offer.renames)
    for number, piece in enumerate(offer.pieces, 1):
        try:
            archive.take(piece, upstream, scratch, landing.folder)
        except NotFound as problem:
            raise HubError(f"{piece.name} of {archive.repo_id} went away while it was read. Import again.") from problem
        days, rows = len(found.landed), found.rows
        done = {*landing.finished(), *offer.skipped}
        _tally(scratch, found, scratch.match(landing.order, done, f"{archive.repo_id}, {piece.name}"))
        landing.land(scratch, piece, now(), found)
        notes.add(piece, landing.order)
        (landing.folder / piece.path).unlink(missing_ok=True)
        told = f"{len(found.landed) - days} days, {found.rows - rows:,} rows"
        tell(f"{number} of {len(offer.pieces)}: {piece.name}: {told}.")


def _take_file(
    file: UserFile, piece: ArchiveFile, scratch: Matcher, landing: Landing, now: Now, found: ImportResult
) -> None:
    """Takes in the user's file. What stood under its name goes away, once the new one is known to be readable."""
    file.take(scratch)
    refused = scratch.match(landing.order, [], str(file.path))
    replaced = [manifest for day, manifest in landing.held.items() if landing.order.wants(day)]
    for manifest in replaced:
        landing.lake.remove_crawl(manifest)
        del landing.held[manifest.day]
    scratch.told(landing.lake.files("models", list(landing.held.values())))
    _tally(scratch, found, refused)
    landing.land(scratch, piece, now(), found)
    if replaced:
        found.notes.append(f"{len(replaced)} days of an earlier file of this name were replaced.")


def _tally(scratch: Matcher, found: ImportResult, refused: list[RejectedRows]) -> None:
    for each in refused:
        found.refused_because[each.reason] += each.rows
        found.refused_examples.setdefault(each.reason, each.example)
    count, names = scratch.unmatched_names()
    found.unmatched_name_count = max(found.unmatched_name_count, count)
    found.unmatched_names = found.unmatched_names or names


def _refuse_mixture(lake: Lake, held: list[Manifest], is_simulated: bool) -> None:
    if any(manifest.is_simulated != is_simulated for manifest in held):
        kept, offered = ("real", "simulated") if is_simulated else ("simulated", "real")
        raise HomeError(
            f"{lake.home} holds {kept} data and this Hub serves {offered} data; they must not mix. Nothing was "
            "imported. Use another --home."
        )
