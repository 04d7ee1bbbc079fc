"""Publish a home: send what is new or changed, in one commit on top of the revision it was planned for."""

import shutil
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from tracker.domain import CRAWL, LakeFile, Manifest
from tracker.errors import DataError, HomeError, HubError
from tracker.lake import axis_days
from tracker.lake.lake import Lake, manifest_json
from tracker.publish.card import card, latest, table_files_in
from tracker.publish.dataset import Dataset, DatasetChanged, DatasetState, has_content
from tracker.publish.diff import PublishPlan, differing, missing, plan
from tracker.publish.layout import CARD, COMPACT, CRAWLS, LATEST, STATE, STATE_FOLDER, day_path, mart_path
from tracker.publish.months import compact
from tracker.publish.pull import Notify, count, exclusive, fetch, refuse_mixed_data
from tracker.publish.readings import files_to_send
from tracker.publish.state import export as export_state
from tracker.publish.state_pull import read_state
from tracker.publish.tables import export, refuse_stale
from tracker.sql.query import open_warehouse
from tracker.warehouse.build import FILE

ATTEMPTS = 5
"""Attempts to commit while others commit at the same time."""


@dataclass(frozen=True, slots=True)
class PublishOptions:
    """Options of `tracker publish`."""

    creates: bool = False
    is_private: bool = False
    is_forced: bool = False
    """Replace crawls of which home and dataset have different readings by the home's."""

    has_marts: bool = True
    is_dry: bool = False
    """Return what would be sent, and send nothing."""


@dataclass(slots=True)
class PublishResult:
    """Result of a publish."""

    repo_id: str
    revision: str
    """The new commit, or the current one if nothing was sent."""

    crawls: list[str] = field(default_factory=list)
    files: dict[str, int] = field(default_factory=dict)
    """Path -> bytes sent."""

    removed: list[str] = field(default_factory=list)
    """Day files replaced by a month."""

    months: list[str] = field(default_factory=list)
    pulled: list[str] = field(default_factory=list)
    """Crawls that another publish added at the same time."""

    only_in_dataset: list[str] = field(default_factory=list)
    """Imported days of the dataset that the home does not have."""

    is_dry: bool = False


def publish(lake: Lake, dataset: Dataset, options: PublishOptions, notify: Notify) -> PublishResult:
    """Send all crawls of the home and its marts to the dataset. Crawls of the dataset are never removed.

    Raises:
        HubError: the Hub cannot be reached or refuses.
        DataError: home and dataset have different readings of the same crawl, or the warehouse is out of date.
        HomeError: another command is running in this home, or its lake is damaged.
    """
    with exclusive(lake.home, "publish"):
        manifests = lake.manifests()
        if not manifests:
            raise DataError(
                f"{lake.home.resolve()} has no crawl to publish. Run `tracker crawl` or `tracker pull` first."
            )
        if damages := lake.file_problems(manifests):
            raise HomeError(
                f"{damages[0]}. Nothing was published. Move its manifest out of lake/crawls and pull that crawl again."
            )
        if options.creates and not options.is_dry:
            if options.has_marts:
                _refuse_unbuilt(lake, manifests)
            dataset.create(is_private=options.is_private)
        folder = lake.runs / "publish"
        shutil.rmtree(folder, ignore_errors=True)
        try:
            return _publish(lake, dataset, options, folder, notify)
        finally:
            shutil.rmtree(folder, ignore_errors=True)


def _refuse_unbuilt(lake: Lake, manifests: list[Manifest]) -> None:
    """Raise DataError where the marts cannot be published: a dataset that stays empty would be created for nothing."""
    with open_warehouse(lake.home / FILE) as connection:
        refuse_stale(connection, lake.home / FILE, manifests)


def _publish(lake: Lake, dataset: Dataset, options: PublishOptions, folder: Path, notify: Notify) -> PublishResult:
    pulled: list[str] = []
    for attempt in range(ATTEMPTS):
        state = dataset.state(folder / "state")
        if attempt:
            remote = lake.remote_files().paths
            pulled += fetch(lake, dataset, state, folder / "pulled", notify, remote=remote).landed
        home = lake.manifests()
        _refuse_conflicts(lake, home, state, dataset, is_forced=options.is_forced)
        planned = plan(home, state)
        files = _lake_files(lake, dataset, state, planned, folder, notify)
        files |= files_to_send(lake, dataset, state, folder / "state")
        if options.has_marts and not pulled:
            files |= _mart_files(lake, dataset, state, planned, folder)
            files |= _state_files(lake, dataset, state, planned, folder, notify)
        files = _changed(files, state, planned)
        sent = PublishResult(
            dataset.repo_id, state.revision, [manifest.crawl for manifest in planned.new], pulled=pulled
        )
        sent.files = {path: _size(content) for path, content in files.items()}
        sent.removed, sent.months = planned.removed, sorted({place.month for place in planned.months})
        sent.only_in_dataset = [manifest.crawl for manifest in missing(home, state)]
        sent.is_dry = options.is_dry
        if options.is_dry or not (files or planned.removed):
            return sent
        notify(f"Sending {count(len(files), 'file')}, {sum(sent.files.values()) / 1e6:,.1f} MB.")
        try:
            sent.revision = dataset.commit(files, planned.removed, _title(planned), state.revision)
        except DatasetChanged:
            notify(f"{dataset.repo_id} was changed by another commit; planning again.")
            continue
        return sent
    raise HubError(f"{dataset.repo_id} changed {ATTEMPTS} times during this publish. Run the same command again later.")


def _refuse_conflicts(
    lake: Lake, home: list[Manifest], state: DatasetState, dataset: Dataset, *, is_forced: bool
) -> None:
    refuse_mixed_data(lake, home, state)
    name = dataset.repo_id
    if absent := [manifest.crawl for manifest in missing(home, state) if manifest.source == CRAWL]:
        raise DataError(
            f"{name} has crawls that this home does not have: {_first_few(absent)}. Nothing was published. Run "
            f"`tracker pull {name}` and `tracker build`, then publish again."
        )
    if not is_forced and (differ := differing(home, state)):
        raise DataError(
            f"{name} and this home have different readings of {_first_few(differ)}. Nothing was published. To use "
            f"those of the dataset, run `tracker pull {name} --force`. To replace them, run "
            f"`tracker publish {name} --force`."
        )


def _lake_files(
    lake: Lake, dataset: Dataset, state: DatasetState, planned: PublishPlan, folder: Path, notify: Notify
) -> dict[str, Path | bytes]:
    """Return path -> content of the lake files to send. Day files that only the dataset has are fetched for a month."""
    remote = lake.remote_files().paths

    def day_file(file: LakeFile) -> Path:
        if file.path not in remote:
            return lake.folder / file.path
        if day_path(file) not in state.files:
            lake.require_history(f"the month of {file.path} has to be written again")
        return dataset.fetch(state, day_path(file), folder / "days")

    files: dict[str, Path | bytes] = {day_path(file): day_file(file) for file in planned.days}
    for place, days in planned.months.items():
        notify(f"Compacting {place.month} of {place.table}, {place.name}: {count(len(days), 'day')}.")
        compact(place.table, [day_file(day) for day in days], folder / place.path)
        files[place.path] = folder / place.path
    files[CRAWLS] = "".join(f"{manifest_json(manifest)}\n" for manifest in planned.manifests).encode()
    return files


def _mart_files(
    lake: Lake, dataset: Dataset, state: DatasetState, planned: PublishPlan, folder: Path
) -> dict[str, Path | bytes]:
    """Return path -> content of card, `latest.json` and the tables that are not in the dataset."""
    text = dataset.fetch(state, LATEST, folder / "state").read_text() if LATEST in state.files else "{}"
    known = {path: part for path, part in table_files_in(text).items() if path in state.files}
    warehouse = lake.home / FILE
    table_files, written = export(warehouse, lake.manifests(), known, folder)
    if COMPACT in state.files and COMPACT not in table_files:
        planned.removed.append(COMPACT)
    paths = {
        *state.files,
        *written,
        *(day_path(file) for file in planned.days),
        *(place.path for place in planned.months),
    }
    return {
        **written,
        LATEST: latest(warehouse, planned.manifests, table_files),
        CARD: card(
            warehouse, dataset.repo_id, planned.manifests, paths - {*planned.removed}, axis_days.manifests(lake)
        ),
    }


def _state_files(
    lake: Lake, dataset: Dataset, state: DatasetState, planned: PublishPlan, folder: Path, notify: Notify
) -> dict[str, Path | bytes]:
    """Return path -> content of the state that the dataset lacks. Files of earlier states are removed."""
    known = read_state(dataset, state, folder / "state")
    found = export_state(lake.home, lake.home / FILE, None if isinstance(known, str) else known, folder)
    if found is None:
        if STATE in state.files:
            notify(
                f"The state for `tracker pull --state` was not sent: it needs a slim warehouse of this version. Run "
                f"`tracker build --slim`, then publish again. {dataset.repo_id} keeps the earlier state."
            )
        return {}
    current, written = found
    paths = {STATE, *current.paths}
    planned.removed += sorted(path for path in state.files if path.startswith(f"{STATE_FOLDER}/") and path not in paths)
    return {**written, STATE: current.json()}


def _changed(files: Mapping[str, Path | bytes], state: DatasetState, planned: PublishPlan) -> dict[str, Path | bytes]:
    """Return the files that differ from the dataset; none if only the build time differs."""
    changed = {
        path: content
        for path, content in files.items()
        if path not in state.files or not has_content(state.files[path], content)
    }
    return {} if changed.keys() <= _BUILD_TIMES and not planned.removed else changed


_BUILD_TIMES = {mart_path("build"), LATEST}
"""Files that change with every build, even without new data."""


def _size(content: Path | bytes) -> int:
    return len(content) if isinstance(content, bytes) else content.stat().st_size


def _title(planned: PublishPlan) -> str:
    if not planned.new:
        return f"Tables up to {planned.manifests[-1].day}"
    days = sorted({manifest.day for manifest in planned.new})
    return f"{days[0]}" if len(days) == 1 else f"{len(days)} days, {days[0]} to {days[-1]}"


def _first_few(crawls: list[str]) -> str:
    return ", ".join(crawls[:5]) + (f" and {len(crawls) - 5} more" if len(crawls) > 5 else "")
