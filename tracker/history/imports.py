"""Import history into the lake: choose the files, match their rows, land them day by day."""

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

Report = Callable[[str], None]
Now = Callable[[], datetime]


def import_archive(
    lake: Lake, options: ImportOptions, endpoint: str, is_offline: bool, registry: str, now: Now, report: Report
) -> ImportResult:
    """Import the requested days of an archive. Days that have landed are not downloaded again.

    Raises HubError if the Hub cannot be reached, DataError if the archive's layout has changed (nothing lands then),
    HomeError if another import is running or if simulated and real data would mix.
    """
    if not endpoint.startswith(("http://", "https://")):
        raise SettingsError(f"HF_ENDPOINT is {endpoint!r}; it must begin with https:// or http://.")
    archive = ARCHIVES[options.source]
    if is_offline:
        raise HubError(f"HF_HUB_OFFLINE is set, so no request was sent to {archive.repo_id}. Unset it to import.")
    with locked(lake.home, "import"), DatasetClient(archive.repo_id, endpoint) as client:
        manifests = _checked_manifests(lake)
        revision, is_simulated = client.head()
        _refuse_mixture(lake, manifests, is_simulated)
        location = f"{endpoint}/datasets/{archive.repo_id}"
        landing = _landing(
            lake, options, manifests, Provenance(options.source, location, is_simulated, registry, now())
        )
        ledger = Ledger(lake, options.source)

        def is_needed(file: ArchiveFile) -> bool:
            has_landed = file.first == file.last and file.first in landing.finished_days()
            return not has_landed and not ledger.has(file, options)

        result = ImportResult(options.source, days_before=len(landing.landed))
        selection = archive.select(options, client, revision, landing.folder, is_needed)
        result.skipped, result.notes, landing.partial = selection.skipped, selection.notes, frozenset(selection.partial)
        with lake.explain_damage(manifests), Matcher(landing.folder, lake) as matcher:
            matcher.load_landed_names(lake.files("models", list(landing.landed.values())))
            result.rematched = landing.rematch(matcher)
            if selection.files:
                _import_files(archive, selection, client, matcher, landing, ledger, now, report, result)
        shutil.rmtree(landing.folder, ignore_errors=True)
        return result


def import_file(lake: Lake, options: ImportOptions, registry: str, now: Now) -> ImportResult:
    """Import the user's file. It replaces a file of the same name that was imported before.

    Raises UsageError, DataError and HomeError.
    """
    source = user_file(options.file)
    with locked(lake.home, "import"):
        manifests, file, ledger = _checked_manifests(lake), source.archive_file(), Ledger(lake, source.scope)
        is_simulated = any(manifest.is_simulated for manifest in manifests)
        landing = _landing(lake, options, manifests, Provenance(source.scope, "file", is_simulated, registry, now()))
        result = ImportResult(source.scope, days_before=len(landing.landed), notes=[source.column_note()])
        with lake.explain_damage(manifests), Matcher(landing.folder, lake) as matcher:
            matcher.load_landed_names(lake.files("models", list(landing.landed.values())))
            if ledger.has(file, options):
                result.rematched = landing.rematch(matcher)
            else:
                _import_user_file(source, file, matcher, landing, now, result)
                ledger.add(file, options)
        shutil.rmtree(landing.folder, ignore_errors=True)
        return result


def remove(lake: Lake, source: Source) -> int:
    """Delete all days of a source from the lake and return their number. Raises HomeError if the home is in use."""
    with locked(lake.home, "import"), locked(lake.home, "build"):
        manifests = [manifest for manifest in lake.manifests() if manifest.source == source]
        for manifest in manifests:
            lake.remove_crawl(manifest)
        Ledger.remove(lake, source)
        shutil.rmtree(lake.runs / f"import-{source}", ignore_errors=True)
        return len(manifests)


def _checked_manifests(lake: Lake) -> list[Manifest]:
    """All manifests of the lake. Raises HomeError if one of their files is missing or altered."""
    manifests = lake.manifests()
    lake.check_files(manifests)
    return manifests


def _landing(lake: Lake, options: ImportOptions, manifests: list[Manifest], provenance: Provenance) -> Landing:
    of_source = {manifest.day: manifest for manifest in manifests if manifest.scope == provenance.scope}
    return Landing(lake, options, provenance, lake.runs / f"import-{provenance.scope}", of_source)


def _import_files(
    archive: Archive,
    selection: Selection,
    client: DatasetClient,
    matcher: Matcher,
    landing: Landing,
    ledger: Ledger,
    now: Now,
    report: Report,
    result: ImportResult,
) -> None:
    """Import the selected files in order. A file enters the ledger once all its days have landed."""
    megabytes = sum(file.size for file in selection.files) / 1e6
    report(f"Reading {len(selection.files)} files of {archive.repo_id} (at most {megabytes:,.1f} MB to download).")
    if selection.renames:
        matcher.load_renames(selection.renames)
    for number, file in enumerate(selection.files, 1):
        try:
            archive.load(file, client, matcher, landing.folder)
        except NotFound as problem:
            raise HubError(
                f"{file.name} of {archive.repo_id} was deleted while it was read. Run the same command again; "
                "imported days are not downloaded again."
            ) from problem
        days_before, rows_before = len(result.landed), result.rows
        excluded = {*landing.finished_days(), *selection.skipped}
        _count(matcher, result, matcher.match(landing.options, excluded, f"{archive.repo_id}, {file.name}"))
        landing.land(matcher, file, now(), result)
        ledger.add(file, landing.options)
        (landing.folder / file.path).unlink(missing_ok=True)
        counts = f"{len(result.landed) - days_before} days, {result.rows - rows_before:,} rows"
        report(f"{number} of {len(selection.files)}: {file.name}: {counts}.")


def _import_user_file(
    source: UserFile, file: ArchiveFile, matcher: Matcher, landing: Landing, now: Now, result: ImportResult
) -> None:
    """Import the user's file. Days of an earlier file are deleted only after the new one was read without error."""
    source.load(matcher)
    rejected = matcher.match(landing.options, [], str(source.path))
    replaced = [manifest for day, manifest in landing.landed.items() if landing.options.includes(day)]
    for manifest in replaced:
        landing.lake.remove_crawl(manifest)
        del landing.landed[manifest.day]
    matcher.load_landed_names(landing.lake.files("models", list(landing.landed.values())))
    _count(matcher, result, rejected)
    landing.land(matcher, file, now(), result)
    if replaced:
        result.notes.append(f"{len(replaced)} days of an earlier file with this name were replaced.")


def _count(matcher: Matcher, result: ImportResult, rejected: list[RejectedRows]) -> None:
    """Add the rejected rows and the unmatched names of one file to the result."""
    for group in rejected:
        result.refused_because[group.reason] += group.rows
        result.refused_examples.setdefault(group.reason, group.example)
    count, examples = matcher.unmatched_names()
    result.unmatched_name_count = max(result.unmatched_name_count, count)
    result.unmatched_names = result.unmatched_names or examples


def _refuse_mixture(lake: Lake, manifests: list[Manifest], is_simulated: bool) -> None:
    if any(manifest.is_simulated != is_simulated for manifest in manifests):
        stored, served = ("real", "simulated") if is_simulated else ("simulated", "real")
        raise HomeError(
            f"{lake.home} contains {stored} data and this Hub serves {served} data; they must not mix. Nothing was "
            "imported. Use another --home."
        )
