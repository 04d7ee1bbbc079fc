"""What a publish has to send, and what it may not touch: home against dataset. Pure."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from tracker.domain import LakeFile, Manifest
from tracker.errors import DataError
from tracker.publish.dataset import Held
from tracker.publish.layout import MonthFile, day_path, month
from tracker.warehouse.inputs import manifest_sha256


@dataclass(slots=True)
class Plan:
    """The lake's part of a publish."""

    manifests: list[Manifest]
    """What the dataset will hold."""

    new: list[Manifest]
    """What of it comes from this home now."""

    days: list[LakeFile] = field(default_factory=list)
    """Day files to send."""

    months: dict[MonthFile, list[LakeFile]] = field(default_factory=dict)
    """Months to compact, and the day files that make them."""

    gone: list[str] = field(default_factory=list)
    """Files of the dataset that others replace."""

    def __bool__(self) -> bool:
        """Whether anything is to be done."""
        return bool(self.new or self.days or self.months or self.gone)


def differing(home: Sequence[Manifest], held: Held) -> list[str]:
    """Crawls that both have, and not of the same readings."""
    theirs = held.crawls
    return [own.crawl for own in home if own.crawl in theirs and not _is_same_reading(own, theirs[own.crawl])]


def lacking(home: Sequence[Manifest], held: Held) -> list[Manifest]:
    """Crawls that the dataset has and the home has not, or of which the home tells less again."""
    own = {manifest.crawl: manifest for manifest in home}
    return [
        theirs
        for theirs in held.manifests
        if theirs.crawl not in own
        or (_is_same_reading(own[theirs.crawl], theirs) and not holds(own[theirs.crawl], theirs))
    ]


def holds(own: Manifest, theirs: Manifest) -> bool:
    """Whether a crawl is all that another is: the same, or with more files of attributes that are told again."""
    return _is_same_reading(own, theirs) and _files(theirs) <= _files(own)


def _is_same_reading(one: Manifest, other: Manifest) -> bool:
    """Whether two crawls are the same, whatever they tell again because of the days that landed between others."""
    return manifest_sha256(_as_read(one)) == manifest_sha256(_as_read(other))


def _as_read(manifest: Manifest) -> Manifest:
    return replace(manifest, files=tuple(file for file in manifest.files if MonthFile.of(file).name == manifest.scope))


def _files(manifest: Manifest) -> set[tuple[str, int]]:
    return {(file.path, file.rows) for file in manifest.files}


def plan(home: Sequence[Manifest], held: Held) -> Plan:
    """What makes the dataset hold all of the home; where both have a crawl and it is not the same, the home's.

    Raises DataError if a month would have to be written of which the home lacks a day.
    """
    theirs, differ = held.crawls, set(differing(home, held))
    new = [own for own in home if own.crawl not in theirs or not holds(theirs[own.crawl], own)]
    merged = {**theirs, **{own.crawl: own for own in new}}
    opened = max((month(manifest.day) for manifest in merged.values()), default="")
    for own in home:
        if month(own.day) == opened and not all(_stands(file, held) for file in merged[own.crawl].files):
            merged[own.crawl] = own
    made = Plan(sorted(merged.values(), key=lambda manifest: (manifest.day, manifest.scope)), new)
    replaced = [theirs[crawl] for crawl in differ]
    crawls = {own.crawl for own in home}
    newest = [manifest for manifest in made.manifests if month(manifest.day) == opened]
    owned = [file for manifest in newest if manifest.crawl in crawls for file in manifest.files]
    made.days = [file for file in owned if not _stands(file, held)]
    _compact(made, held, opened, crawls, replaced)
    kept = {day_path(file) for manifest in newest for file in manifest.files}
    known = {day_path(file) for manifest in [*made.manifests, *replaced] for file in manifest.files}
    made.gone += sorted(path for path in known - kept if path in held.files)
    return made


def _stands(file: LakeFile, held: Held) -> bool:
    """Whether the dataset has a day file as its manifest names it."""
    found = held.files.get(day_path(file))
    return found is not None and found.sha256 == file.sha256


def _compact(made: Plan, held: Held, opened: str, own: set[str], replaced: Sequence[Manifest]) -> None:
    """Plans the closed months that are not there, or hold something new."""
    members: Mapping[MonthFile, list[tuple[Manifest, LakeFile]]] = defaultdict(list)
    for manifest in made.manifests:
        if month(manifest.day) < opened:
            for file in manifest.files:
                members[MonthFile.of(file)].append((manifest, file))
    new = {manifest.crawl for manifest in made.new}
    stale = {MonthFile.of(file) for manifest in replaced for file in manifest.files}
    for place, found in sorted(members.items()):
        is_open = any(day_path(file) in held.files for _, file in found)
        if place.path in held.files and not is_open and place not in stale and not new & {m.crawl for m, _ in found}:
            continue
        if lost := [manifest.crawl for manifest, _ in found if manifest.crawl not in own]:
            raise DataError(
                f"{place.path} would have to be written anew, and this home lacks {', '.join(lost[:5])} of it. "
                "Pull first. Nothing was published."
            )
        made.months[place] = [file for _, file in found]
    made.gone += sorted(place.path for place in stale if place not in members and place.path in held.files)
