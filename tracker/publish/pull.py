"""Pull a dataset into the lake: fetch the crawls the home does not have, and land them one by one."""

import shutil
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path

import pyarrow as pa

from tracker.domain import CRAWL, LakeFile, Manifest
from tracker.errors import DataError, HomeError
from tracker.lake.lake import Lake, locked, sha256_and_size
from tracker.lake.writer import LakeWriter
from tracker.publish.backfill import DatedFiles, OutOfOrderCrawl, is_out_of_order
from tracker.publish.dataset import Dataset, DatasetState
from tracker.publish.diff import covers, differing, missing
from tracker.publish.layout import CARD, MonthFile, day_of, day_path, month
from tracker.publish.months import expand, schema
from tracker.publish.readings import fetch_readings
from tracker.publish.validation import check_file, check_month_file

Notify = Callable[[str], None]
"""Receives a line of progress."""

NEW_DATASET_FILES = {".gitattributes", CARD}
"""Files that the Hub itself puts into a new dataset."""


@dataclass(slots=True)
class PullResult:
    """Result of a pull."""

    repo_id: str
    revision: str
    landed: list[str] = field(default_factory=list)
    """Crawls that landed."""

    not_replaced: list[str] = field(default_factory=list)
    """Crawls of which home and dataset have different readings; the home keeps its own."""

    readings: list[str] = field(default_factory=list)
    """Readings of other rulers that landed."""

    in_dataset: int = 0
    """Crawls in the dataset."""

    restored: list[str] = field(default_factory=list)
    """Crawls whose readings were fetched, after a pull of the state had left them out."""

    state_of: date | None = None
    """Last day of the state, if that was pulled."""


def pull(lake: Lake, dataset: Dataset, notify: Notify, *, is_forced: bool = False) -> PullResult:
    """Pull the crawls the home does not have. Where readings differ, the home keeps its own unless `is_forced`.

    An empty dataset is not an error, because scheduled jobs pull before their first crawl.

    Raises:
        HubError: the Hub cannot be reached or refuses.
        DataError: the dataset is damaged or was not made by this program.
        HomeError: another command is running in this home.
    """
    with exclusive(lake.home, "pull"):
        folder = lake.runs / "pull"
        state = dataset.state(folder)
        refuse_foreign(dataset, state)
        found = fetch(lake, dataset, state, folder, notify, is_forced=is_forced)
        shutil.rmtree(folder, ignore_errors=True)
        return found


def refuse_foreign(dataset: Dataset, state: DatasetState) -> None:
    """Raise DataError if another program made the dataset."""
    if not state.manifests and state.files.keys() - NEW_DATASET_FILES:
        raise DataError(
            f"{dataset.endpoint}/datasets/{dataset.repo_id} has files but no crawls, so this program did not make "
            "it. Nothing was pulled. Check the name of the dataset."
        )


def fetch(
    lake: Lake,
    dataset: Dataset,
    state: DatasetState,
    folder: Path,
    notify: Notify,
    *,
    is_forced: bool = False,
    remote: frozenset[str] = frozenset(),
) -> PullResult:
    """Land the crawls of the dataset that the home does not have; downloads go to `folder`.

    The files in `remote` are left out. Other files that an earlier pull left out are fetched.
    """
    home = lake.manifests()
    refuse_mixed_data(lake, home, state)
    differ = differing(home, state)
    found = PullResult(
        dataset.repo_id,
        state.revision,
        not_replaced=[] if is_forced else differ,
        in_dataset=len(state.manifests),
    )
    needed = [*missing(home, state), *(state.crawls[crawl] for crawl in (differ if is_forced else []))]
    by_month: dict[str, list[Manifest]] = defaultdict(list)
    for manifest in needed:
        by_month[month(manifest.day)].append(manifest)
    fetcher = _Fetcher(lake, dataset, state, folder, found.not_replaced, remote)
    for number, (name, manifests) in enumerate(sorted(by_month.items()), 1):
        notify(f"Fetching {name}, month {number} of {len(by_month)}: {count(len(manifests), 'crawl')}.")
        fetcher.land_month(manifests)
        found.landed += [manifest.crawl for manifest in manifests]
    found.restored = _restore(fetcher, notify)
    found.readings = fetch_readings(lake, dataset, state, folder)
    return found


def _restore(fetcher: "_Fetcher", notify: Notify) -> list[str]:
    """Fetch the files that an earlier pull left out; return the crawls that are whole again."""
    lake = fetcher.lake
    absent = lake.remote_files().paths - fetcher.remote
    crawls = [own for own in lake.manifests() if any(file.path in absent for file in own.files)] if absent else []
    by_month: dict[str, list[Manifest]] = defaultdict(list)
    for own in crawls:
        theirs = fetcher.state.crawls.get(own.crawl)
        if theirs and covers(theirs, own):
            by_month[month(own.day)].append(own)
    for number, (name, manifests) in enumerate(sorted(by_month.items()), 1):
        notify(f"Fetching readings of {name}, month {number} of {len(by_month)}: {count(len(manifests), 'crawl')}.")
        fetcher.restore_month(manifests, absent)
    lake.save_remote_files(lake.remote_files())
    return [own.crawl for manifests in by_month.values() for own in manifests]


def count(number: int, what: str) -> str:
    """Format a number with its noun, in the plural unless it is 1."""
    return f"{number:,} {what}" if number == 1 else f"{number:,} {what}s"


@contextmanager
def exclusive(home: Path, what: str) -> Iterator[None]:
    """Lock the home against all commands that change its lake while `what` runs. Raises HomeError."""
    with locked(home, what), locked(home, "crawl"), locked(home, "import"):
        yield


def refuse_mixed_data(lake: Lake, home: Sequence[Manifest], state: DatasetState) -> None:
    """Raise HomeError if this would mix simulated and real data."""
    if home and any(manifest.is_simulated != home[0].is_simulated for manifest in (*home, *state.manifests)):
        own, other = ("simulated", "real") if home[0].is_simulated else ("real", "simulated")
        raise HomeError(
            f"{lake.home} has {own} data and the dataset {other} data, which must not be mixed. Nothing was changed. "
            "Use another --home or another dataset."
        )


@dataclass(frozen=True, slots=True)
class _Fetcher:
    lake: Lake
    dataset: Dataset
    state: DatasetState
    folder: Path
    not_replaced: Sequence[str]
    """Crawls of which the home keeps its own, different readings."""

    remote: frozenset[str] = frozenset()
    """Files that are left out."""

    def land_month(self, manifests: Sequence[Manifest]) -> None:
        """Land the crawls of one month: day files as they are, a compacted month expanded into day files."""
        wanted = {each.crawl: [file for file in each.files if file.path not in self.remote] for each in manifests}
        expanded = self._expand_all([file for files in wanted.values() for file in files])
        for manifest in sorted(manifests, key=lambda manifest: manifest.day):
            own = self.lake.manifest(manifest.crawl)
            if own is None or not covers(own, manifest):
                self._land(
                    manifest,
                    own,
                    {file: expanded.get(file.path) or self._day_file(file) for file in wanted[manifest.crawl]},
                )

    def restore_month(self, manifests: Sequence[Manifest], absent: frozenset[str]) -> None:
        """Add the absent files of landed crawls of one month."""
        wanted = {
            own.crawl: [file for file in self.state.crawls[own.crawl].files if file.path in absent] for own in manifests
        }
        expanded = self._expand_all([file for files in wanted.values() for file in files])
        for own in manifests:
            sources = {file: expanded.get(file.path) or self._day_file(file) for file in wanted[own.crawl]}
            targets = {self.lake.folder / file.path: source for file, source in sources.items()}
            rows = {self.lake.folder / file.path: file.rows for file in sources}
            landed = {file.path: file for file in self.lake.add_files(targets, rows)}
            self.lake.save_manifest(replace(own, files=tuple(landed.get(file.path, file) for file in own.files)))

    def _expand_all(self, files: Sequence[LakeFile]) -> dict[str, Path]:
        """Expand the months that contain some of these day files; return path in the lake -> file."""
        compacted: dict[MonthFile, list[LakeFile]] = defaultdict(list)
        for file in files:
            if day_path(file) not in self.state.files:
                compacted[MonthFile.of(file)].append(file)
        expanded: dict[str, Path] = {}
        for place, members in compacted.items():
            expanded |= self._expand(place, members)
        return expanded

    def _expand(self, place: MonthFile, files: Sequence[LakeFile]) -> dict[str, Path]:
        """Expand some day files of one month; return path in the lake -> file. Raises DataError."""
        if place.path not in self.state.files:
            raise DataError(
                f"{self.dataset.repo_id} lists crawls of {place.month}, but has no {place.path}. Nothing of that month "
                "was pulled. Publish again from a home that has the month."
            )
        month_file = self.dataset.fetch(self.state, place.path, self.folder)
        sinks, written = {}, {}
        for file in files:
            into = self.folder / "expanded" / file.path
            into.mkdir(parents=True, exist_ok=True)
            sinks[day_of(file)] = LakeWriter(into)
            written[file.path] = into / f"{place.table}.parquet"
        try:
            check_month_file(month_file, place.table, schema(place.table), self._rows_of(place))
            expand(place.table, month_file, sinks)
        except (ValueError, pa.ArrowException) as problem:
            raise DataError(
                f"{place.path} of {self.dataset.repo_id} cannot be read ({problem}). Nothing of that month was pulled. "
                "Delete it there, then publish from a home that has the month."
            ) from problem
        for file in files:
            _, rows = sinks[day_of(file)].close(self.lake, day_of(file), place.name)
            if sum(rows.values()) != file.rows:
                raise DataError(
                    f"{place.path} of {self.dataset.repo_id} has {sum(rows.values())} rows of {day_of(file)} instead "
                    f"of {file.rows}. Nothing of that month was pulled. Delete it there, then publish from a home that "
                    "has the month."
                )
        month_file.unlink()
        return written

    def _land(self, manifest: Manifest, own: Manifest | None, sources: Mapping[LakeFile, Path]) -> None:
        """Move the files of one crawl into the lake, then its manifest, replacing the home's version of it."""
        targets = {self.lake.folder / file.path: source for file, source in sources.items()}
        rows = {self.lake.folder / file.path: file.rows for file in sources}
        if is_out_of_order(self.lake, manifest, self.state.crawls, self.not_replaced):
            earlier = self._attributes_before(manifest.day)
            crawl = OutOfOrderCrawl(self.lake, manifest, sources, earlier, self.folder / "out-of-order")
            added, added_rows = crawl.added_files()
            targets, rows = targets | added, rows | added_rows
        if own is not None:
            self.lake.delete_manifest(own.crawl)
        landed = self.lake.add_files(targets, rows)
        by_path = {file.path: file for file in manifest.files if file.path in self.remote}
        by_path |= {file.path: file for file in landed}
        named = [file.path for file in manifest.files]
        files = tuple(by_path[path] for path in [*named, *sorted(by_path.keys() - {*named})])
        self.lake.save_manifest(replace(manifest, files=files))
        for file in own.files if own is not None else ():
            if file.path not in by_path:
                (self.lake.folder / file.path).unlink(missing_ok=True)

    def _attributes_before(self, day: date) -> dict[str, DatedFiles]:
        """Return table -> files of attributes of the dataset's crawls before a day."""
        before = [theirs for theirs in self.state.manifests if theirs.source == CRAWL and theirs.day < day]
        dated: dict[str, list[tuple[Path, date]]] = {"models": [], "edges": []}
        for theirs in before:
            own = None if theirs.crawl in self.not_replaced else self.lake.manifest(theirs.crawl)
            for table, found in dated.items():
                if own is not None:
                    found += [(file, own.day) for file in self.lake.files(table, [own])]
                else:
                    found += [(file, theirs.day) for file in self._files_of(table, theirs)]
        return {**dated}

    def _files_of(self, table: str, theirs: Manifest) -> list[Path]:
        """Return the files of one table of a crawl that does not land."""
        files = [file for file in theirs.files if file.path.startswith(f"{table}/")]
        expanded = self._expand_all(files)
        return [expanded.get(file.path) or self._day_file(file) for file in files]

    def _rows_of(self, place: MonthFile) -> int:
        """Return the rows of all days that a month file may have."""
        files = (file for manifest in self.state.manifests for file in manifest.files)
        return sum(file.rows for file in files if MonthFile.of(file) == place)

    def _day_file(self, file: LakeFile) -> Path:
        """Fetch and check a day file. Raises DataError."""
        is_same = self.state.files[day_path(file)].size == file.bytes
        found = self.dataset.fetch(self.state, day_path(file), self.folder) if is_same else None
        if found is None or sha256_and_size(found)[0] != file.sha256:
            raise DataError(
                f"{day_path(file)} of {self.dataset.repo_id} differs from what its crawl wrote. That day was not "
                "pulled. Publish again from a home that has it."
            )
        try:
            check_file(found, MonthFile.of(file).table, file.rows)
        except ValueError as problem:
            raise DataError(
                f"{day_path(file)} of {self.dataset.repo_id} is not what a crawl writes: {problem}. That day was not "
                "pulled. Publish again from a home that has it, or use a dataset whose owner you trust."
            ) from problem
        return found
