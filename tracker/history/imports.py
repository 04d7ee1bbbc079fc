"""Import history into the lake: choose the files, match their rows, land them day by day."""

import shutil
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from pathlib import Path

from tracker.domain import Manifest, Source
from tracker.errors import DataError, HomeError, HubError, SettingsError
from tracker.history.archives import ARCHIVES, Archive, Selection
from tracker.history.file_identity import scope_of
from tracker.history.landing import Landing, Provenance
from tracker.history.ledger import EarlierImports, Ledger
from tracker.history.matching import CheckedRows, Matcher, RejectedRows
from tracker.history.types import ArchiveFile, ImportOptions, ImportResult
from tracker.history.user_file import UserFile, user_file
from tracker.hub.checks import refuse_real_endpoint
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
    with locked(lake.home, "import"), DatasetClient(archive.repo_id, endpoint, report=report) as client:
        manifests = _checked_manifests(lake)
        refuse_real_endpoint(lake.home, manifests, endpoint)
        revision, is_simulated = client.head()
        _refuse_mixture(lake, manifests, is_simulated)
        location = f"{endpoint}/datasets/{archive.repo_id}"
        landing = _landing(
            lake, options, manifests, Provenance(options.source, location, is_simulated, registry, now())
        )
        ledger = Ledger(lake, options.source)

        result = ImportResult(options.source, days_before=len(landing.landed))
        earlier = EarlierImports(ledger, options, landing.finished_days())
        selection = archive.select(options, client, revision, landing.folder, earlier, report)
        result.skipped, result.notes, landing.partial = selection.skipped, selection.notes, frozenset(selection.partial)
        with lake.explain_damage(manifests), Matcher(landing.folder, lake) as matcher:
            matcher.load_landed_names(lake.files("models", list(landing.landed.values())))
            result.rematched = landing.rematch(matcher)
            if selection.count:
                _import_files(archive, selection, client, matcher, landing, ledger, now, report, result)
        shutil.rmtree(landing.folder, ignore_errors=True)
        return result


def import_file(lake: Lake, options: ImportOptions, registry: str, now: Now) -> ImportResult:
    """Import the user's file. It replaces an earlier import of the same file, the one at this path.

    Raises UsageError, DataError (nothing has changed then) and HomeError.
    """
    source = user_file(options.file, options.date_format)
    with locked(lake.home, "import"):
        manifests, file, ledgers = _checked_manifests(lake), source.archive_file(), Ledger.of_files(lake)
        oid = f"{file.oid} {options.date_format}" if options.date_format else file.oid
        whole = replace(file, path=str(source.path), oid=oid)
        owners = {name: ledger.owner for name, ledger in ledgers.items()}
        scope = scope_of(source.path, owners, manifests)
        ledger = ledgers.get(scope) or Ledger(lake, scope)
        is_simulated = any(manifest.is_simulated for manifest in manifests)
        landing = _landing(lake, options, manifests, Provenance(scope, "file", is_simulated, registry, now()))
        result = ImportResult(scope, days_before=len(landing.landed), notes=[source.column_note()])
        if not landing.landed and (note := _same_content(whole, options, ledgers, manifests)):
            result.notes.append(note)
            return result
        holds_content = any(manifest.endpoint.endswith(f"@{file.revision}") for manifest in landing.landed.values())
        try:
            with lake.explain_damage(manifests), Matcher(landing.folder, lake) as matcher:
                matcher.load_landed_names(lake.files("models", list(landing.landed.values())))
                if holds_content and (ledger.has(whole, options) or ledger.has(file, options)):
                    result.rematched = landing.rematch(matcher)
                elif _import_user_file(source, file, matcher, landing, now, result):
                    ledger.replace(whole, options)
        finally:
            shutil.rmtree(landing.folder, ignore_errors=True)
        return result


def remove(lake: Lake, source: Source) -> int:
    """Delete all days of a source from the lake and return their number. Raises HomeError if the home is in use."""
    with locked(lake.home, "import"), locked(lake.home, "build"):
        manifests = [manifest for manifest in lake.manifests() if manifest.source == source]
        for manifest in manifests:
            lake.remove_crawl(manifest)
        Ledger.remove(lake, source)
        for folder in lake.runs.glob(f"import-{source}*"):
            shutil.rmtree(folder, ignore_errors=True)
        return len(manifests)


def _checked_manifests(lake: Lake) -> list[Manifest]:
    """All manifests of the lake. Raises HomeError if one of their files is missing or altered."""
    lake.require_history("imported days change how others are judged")
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
    report(selection.announcement)
    if selection.renames:
        matcher.load_renames(selection.renames)
    unusable = frozenset(selection.skipped)
    for number, file in enumerate(selection.files, 1):
        try:
            archive.load(file, client, matcher, landing.folder)
        except NotFound as problem:
            raise HubError(
                f"{file.name} of {archive.repo_id} was deleted while it was read. Run the same command again; "
                "imported days are not downloaded again."
            ) from problem
        days_before, rows_before = len(result.landed), result.rows
        excluded = {*landing.finished_days(), *unusable}
        checked = matcher.match(landing.options, excluded, f"{archive.repo_id}, {file.name}")
        _count(matcher, result, checked, RejectedRows.example)
        landing.land(matcher, file, now(), result)
        ledger.add(file, landing.options, unusable)
        (landing.folder / file.path).unlink(missing_ok=True)
        counts = f"{len(result.landed) - days_before} days, {result.rows - rows_before:,} rows"
        report(f"{number} of {selection.count}: {file.name}: {counts}.")


def _same_content(
    file: ArchiveFile, options: ImportOptions, ledgers: Mapping[str, Ledger], manifests: Sequence[Manifest]
) -> str | None:
    """Return a sentence if the days of this content are in the lake already, from a file at another path."""
    landed = {manifest.scope for manifest in manifests}
    for scope, ledger in ledgers.items():
        owner = ledger.owner
        if scope in landed and owner and ledger.has(replace(file, path=str(owner)), options):
            return f"{owner}, imported as {scope}, has the same content; it counts once."
    return None


def _import_user_file(
    source: UserFile, file: ArchiveFile, matcher: Matcher, landing: Landing, now: Now, result: ImportResult
) -> bool:
    """Import the user's file; return whether anything landed. Earlier days are deleted once the new ones are known.

    Raises DataError if no row can be used.
    """
    source.load(matcher)
    options = landing.options
    checked = matcher.match(options, [], str(source.path))
    _count(matcher, result, checked, source.example)
    if not checked.matched and (checked.refused or not checked.read):
        raise DataError(_unusable(source.path, checked, result, len(landing.landed)))
    if not any(rows > options.is_tracked_only * untracked for _, rows, untracked in matcher.days()):
        result.untracked_rows = checked.matched
        if landing.landed:
            result.notes.append("Nothing was replaced: the file has no rows to land in the requested days.")
        return False
    replaced = [manifest for day, manifest in landing.landed.items() if options.includes(day)]
    for manifest in replaced:
        landing.lake.remove_crawl(manifest)
        del landing.landed[manifest.day]
    matcher.load_landed_names(landing.lake.files("models", list(landing.landed.values())))
    landing.land(matcher, file, now(), result)
    if replaced:
        gone = len({manifest.day for manifest in replaced} - set(result.landed))
        lost = f" {gone:,} of them are not in the new file and were removed." if gone else ""
        result.notes.append(f"{len(replaced):,} days of an earlier import of this file were replaced.{lost}")
    return True


def _unusable(path: Path, checked: CheckedRows, result: ImportResult, days: int) -> str:
    """The message for a file of which no row can be used."""
    kept = f" The {days:,} days imported from it before are unchanged." if days else ""
    if not checked.read:
        return f"{path} has a header and no rows. Nothing was imported.{kept}"
    [reason, *others] = sorted(checked.rejected, key=lambda group: -group.rows)
    more = f" {checked.refused - reason.rows:,} rows are refused for other reasons." if others else ""
    return (
        f"{path}: none of {checked.refused:,} rows can be used. {reason.rows:,} rows: {reason.reason}. "
        f"Example: {result.refused_examples[reason.reason]}.{more} Nothing was imported.{kept}"
    )


def _count(
    matcher: Matcher, result: ImportResult, checked: CheckedRows, example: Callable[[RejectedRows], str]
) -> None:
    """Add the rows of one file and its unmatched names to the result."""
    result.read += checked.read
    result.outside += checked.outside
    for group in checked.rejected:
        result.refused_because[group.reason] += group.rows
        if group.reason not in result.refused_examples:
            result.refused_examples[group.reason] = example(group)
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
