"""From the home into the dataset: what is new or changed, in one commit on top of what was looked at."""

import shutil
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from tracker.domain import CRAWL, Manifest
from tracker.errors import DataError, HomeError, HubError
from tracker.lake.lake import Lake, manifest_json
from tracker.publish.card import card, latest, parts_of
from tracker.publish.dataset import Dataset, Held, Moved, has_content
from tracker.publish.diff import Plan, differing, lacking, plan
from tracker.publish.layout import CARD, CRAWLS, LATEST, day_path, mart_path
from tracker.publish.months import compact
from tracker.publish.pull import Tell, alone, count, fetch, refuse_mixture
from tracker.publish.tables import export
from tracker.warehouse.build import FILE

ATTEMPTS = 5
"""Commits that are tried while others are faster."""


@dataclass(frozen=True, slots=True)
class Wishes:
    """How to publish."""

    creates: bool = False
    is_private: bool = False
    is_forced: bool = False
    """Crawls of which home and dataset hold different readings are replaced by the home's."""

    has_marts: bool = True
    is_dry: bool = False
    """Say what would be sent, and send nothing."""


@dataclass(slots=True)
class Published:
    """What a publish sent."""

    repo_id: str
    revision: str
    """Of the commit; of what stood there before, if nothing was sent."""

    crawls: list[str] = field(default_factory=list)
    files: dict[str, int] = field(default_factory=dict)
    """Path -> bytes of what was sent."""

    gone: list[str] = field(default_factory=list)
    """Day files that a month replaced."""

    months: list[str] = field(default_factory=list)
    pulled: list[str] = field(default_factory=list)
    """Crawls that somebody else published meanwhile."""

    kept: list[str] = field(default_factory=list)
    """Imported days in the dataset that the home has not."""

    is_dry: bool = False


def publish(lake: Lake, dataset: Dataset, wishes: Wishes, tell: Tell) -> Published:
    """Makes the dataset hold all crawls of the home, and its marts; takes no crawl away.

    Raises HubError, DataError if home and dataset contradict each other, HomeError if something else is running.
    """
    with alone(lake.home, "publish"):
        manifests = lake.manifests()
        if not manifests:
            raise DataError(f"{lake.home.resolve()} holds no crawl to publish. Run `tracker crawl`, or pull first.")
        if damages := lake.file_problems(manifests):
            raise HomeError(
                f"{damages[0]}. Nothing was published. Move its manifest away from lake/crawls; then it can be pulled."
            )
        if wishes.creates and not wishes.is_dry:
            dataset.create(is_private=wishes.is_private)
        folder = lake.runs / "publish"
        shutil.rmtree(folder, ignore_errors=True)
        try:
            return _publishing(lake, dataset, wishes, folder, tell)
        finally:
            shutil.rmtree(folder, ignore_errors=True)


def _publishing(lake: Lake, dataset: Dataset, wishes: Wishes, folder: Path, tell: Tell) -> Published:
    pulled: list[str] = []
    for attempt in range(ATTEMPTS):
        held = dataset.held(folder / "held")
        if attempt and (found := fetch(lake, dataset, held, folder / "pulled", tell)).landed:
            pulled += found.landed
        home = lake.manifests()
        _refuse_contradictions(lake, home, held, dataset, is_forced=wishes.is_forced)
        made = plan(home, held)
        files = _lake_files(lake, made, folder, tell)
        if wishes.has_marts and not pulled:
            files |= _mart_files(lake, dataset, held, made, folder)
        files = _changed(files, held, made)
        sent = Published(dataset.repo_id, held.revision, [manifest.crawl for manifest in made.new], pulled=pulled)
        sent.files = {path: _size(content) for path, content in files.items()}
        sent.gone, sent.months = made.gone, sorted({place.month for place in made.months})
        sent.kept = [manifest.crawl for manifest in lacking(home, held)]
        sent.is_dry = wishes.is_dry
        if wishes.is_dry or not (files or made.gone):
            return sent
        tell(f"Sending {count(len(files), 'file')}, {sum(sent.files.values()) / 1e6:,.1f} MB.")
        try:
            sent.revision = dataset.commit(files, made.gone, _title(made), held.revision)
        except Moved:
            tell(f"{dataset.repo_id} has changed meanwhile; looking again.")
            continue
        return sent
    raise HubError(f"{dataset.repo_id} changed {ATTEMPTS} times while it was published to. Run the same command later.")


def _refuse_contradictions(lake: Lake, home: list[Manifest], held: Held, dataset: Dataset, *, is_forced: bool) -> None:
    refuse_mixture(lake, home, held)
    name = dataset.repo_id
    if missing := [manifest.crawl for manifest in lacking(home, held) if manifest.source == CRAWL]:
        raise DataError(
            f"This home lacks crawls that {name} holds: {_some(missing)}. Run `tracker pull {name}` and "
            "`tracker build` first. Nothing was published."
        )
    if not is_forced and (differ := differing(home, held)):
        raise DataError(
            f"{name} holds other readings than this home of {_some(differ)}. `tracker pull {name} --force` takes "
            f"those of the dataset, `tracker publish {name} --force` puts yours in their place. Nothing was published."
        )


def _lake_files(lake: Lake, made: Plan, folder: Path, tell: Tell) -> dict[str, Path | bytes]:
    """Path -> content of the lake's part."""
    files: dict[str, Path | bytes] = {day_path(file): lake.folder / file.path for file in made.days}
    for place, days in made.months.items():
        tell(f"Compacting {place.month} of {place.table}, {place.name}: {count(len(days), 'day')}.")
        compact(place.table, [lake.folder / day.path for day in days], folder / place.path)
        files[place.path] = folder / place.path
    files[CRAWLS] = "".join(f"{manifest_json(manifest)}\n" for manifest in made.manifests).encode()
    return files


def _mart_files(lake: Lake, dataset: Dataset, held: Held, made: Plan, folder: Path) -> dict[str, Path | bytes]:
    """Path -> content of the tables that the dataset has not, of card and `latest.json`."""
    told = dataset.fetched(held, LATEST, folder / "held").read_text() if LATEST in held.files else "{}"
    known = {path: part for path, part in parts_of(told).items() if path in held.files}
    warehouse = lake.home / FILE
    parts, written = export(warehouse, lake.manifests(), known, folder)
    paths = {*held.files, *written, *(day_path(file) for file in made.days), *(place.path for place in made.months)}
    return {
        **written,
        LATEST: latest(warehouse, made.manifests, parts),
        CARD: card(warehouse, dataset.repo_id, made.manifests, paths - {*made.gone}),
    }


def _changed(files: Mapping[str, Path | bytes], held: Held, made: Plan) -> dict[str, Path | bytes]:
    """What of these the dataset has not; nothing, if that is only when the tables were built."""
    changed = {
        path: content
        for path, content in files.items()
        if path not in held.files or not has_content(held.files[path], content)
    }
    return {} if changed.keys() <= _TIMES and not made.gone else changed


_TIMES = {mart_path("build"), LATEST}
"""What a build changes though it has nothing new."""


def _size(content: Path | bytes) -> int:
    return len(content) if isinstance(content, bytes) else content.stat().st_size


def _title(made: Plan) -> str:
    if not made.new:
        return f"Tables up to {made.manifests[-1].day}"
    days = sorted({manifest.day for manifest in made.new})
    return f"{days[0]}" if len(days) == 1 else f"{len(days)} days, {days[0]} to {days[-1]}"


def _some(crawls: list[str]) -> str:
    return ", ".join(crawls[:5]) + (f" and {len(crawls) - 5} more" if len(crawls) > 5 else "")
