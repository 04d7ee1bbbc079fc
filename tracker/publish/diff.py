"""Compare home and dataset: which crawls differ or are missing, and what a publish has to send."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from tracker.domain import LakeFile, Manifest
from tracker.errors import DataError
from tracker.publish.dataset import DatasetState
from tracker.publish.layout import MonthFile, day_path, month
from tracker.warehouse.inputs import manifest_sha256


@dataclass(slots=True)
class PublishPlan:
    """The lake files of a publish."""

    manifests: list[Manifest]
    """All crawls of the dataset afterwards."""

    new: list[Manifest]
    """The crawls that this publish adds or replaces."""

    days: list[LakeFile] = field(default_factory=list)
    """Day files to send."""

    months: dict[MonthFile, list[LakeFile]] = field(default_factory=dict)
    """Months to compact, with their day files."""

    removed: list[str] = field(default_factory=list)
    """Files of the dataset that are replaced by others."""

    def __bool__(self) -> bool:
        """Return whether there is anything to do."""
        return bool(self.new or self.days or self.months or self.removed)


def differing(home: Sequence[Manifest], state: DatasetState) -> list[str]:
    """Return crawls that both have, but with different readings."""
    theirs = state.crawls
    return [own.crawl for own in home if own.crawl in theirs and not _is_same_reading(own, theirs[own.crawl])]


def missing(home: Sequence[Manifest], state: DatasetState) -> list[Manifest]:
    """Return crawls of the dataset that the home does not have, or for which it has fewer added files."""
    own = {manifest.crawl: manifest for manifest in home}
    return [
        theirs
        for theirs in state.manifests
        if theirs.crawl not in own
        or (_is_same_reading(own[theirs.crawl], theirs) and not covers(own[theirs.crawl], theirs))
    ]


def covers(own: Manifest, theirs: Manifest) -> bool:
    """Return whether `own` is the same crawl and has all files of `theirs`."""
    return _is_same_reading(own, theirs) and _files(theirs) <= _files(own)


def _is_same_reading(one: Manifest, other: Manifest) -> bool:
    """Return whether two crawls are the same, apart from files added by tracker/publish/backfill.py."""
    return manifest_sha256(_as_read(one)) == manifest_sha256(_as_read(other))


def _as_read(manifest: Manifest) -> Manifest:
    return replace(manifest, files=tuple(file for file in manifest.files if MonthFile.of(file).name == manifest.scope))


def _files(manifest: Manifest) -> set[tuple[str, int]]:
    return {(file.path, file.rows) for file in manifest.files}


def plan(home: Sequence[Manifest], state: DatasetState) -> PublishPlan:
    """Plan a publish of all crawls of the home. Where home and dataset differ, the home's crawl is sent.

    Raises DataError if a month has to be written again, but the home lacks one of its days.
    """
    theirs, differ = state.crawls, set(differing(home, state))
    new = [own for own in home if own.crawl not in theirs or not covers(theirs[own.crawl], own)]
    merged = {**theirs, **{own.crawl: own for own in new}}
    newest_month = max((month(manifest.day) for manifest in merged.values()), default="")
    for own in home:
        if month(own.day) == newest_month and not all(_is_stored(file, state) for file in merged[own.crawl].files):
            merged[own.crawl] = own
    planned = PublishPlan(sorted(merged.values(), key=lambda manifest: (manifest.day, manifest.scope)), new)
    replaced = [theirs[crawl] for crawl in differ]
    crawls = {own.crawl for own in home}
    newest = [manifest for manifest in planned.manifests if month(manifest.day) == newest_month]
    owned = [file for manifest in newest if manifest.crawl in crawls for file in manifest.files]
    planned.days = [file for file in owned if not _is_stored(file, state)]
    _compact(planned, state, newest_month, crawls, replaced)
    current = {day_path(file) for manifest in newest for file in manifest.files}
    known = {day_path(file) for manifest in [*planned.manifests, *replaced] for file in manifest.files}
    planned.removed += sorted(path for path in known - current if path in state.files)
    return planned


def _is_stored(file: LakeFile, state: DatasetState) -> bool:
    """Return whether the dataset has this day file with the checksum of its manifest."""
    found = state.files.get(day_path(file))
    return found is not None and found.sha256 == file.sha256


def _compact(
    planned: PublishPlan, state: DatasetState, newest_month: str, own: set[str], replaced: Sequence[Manifest]
) -> None:
    """Add the closed months that are missing in the dataset or have new crawls to the plan."""
    members: Mapping[MonthFile, list[tuple[Manifest, LakeFile]]] = defaultdict(list)
    for manifest in planned.manifests:
        if month(manifest.day) < newest_month:
            for file in manifest.files:
                members[MonthFile.of(file)].append((manifest, file))
    new = {manifest.crawl for manifest in planned.new}
    stale = {MonthFile.of(file) for manifest in replaced for file in manifest.files}
    for place, found in sorted(members.items()):
        is_open = any(day_path(file) in state.files for _, file in found)
        if place.path in state.files and not is_open and place not in stale and not new & {m.crawl for m, _ in found}:
            continue
        if absent := [manifest.crawl for manifest, _ in found if manifest.crawl not in own]:
            raise DataError(
                f"{place.path} has to be written again, but this home lacks {', '.join(absent[:5])}. Run "
                "`tracker pull` first. Nothing was published."
            )
        planned.months[place] = [file for _, file in found]
    planned.removed += sorted(place.path for place in stale if place not in members and place.path in state.files)
