"""From the dataset into the lake: what the home lacks is fetched, and lands crawl by crawl."""

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
from tracker.publish.backfill import Between, Told, is_needed
from tracker.publish.dataset import Dataset, Held
from tracker.publish.diff import differing, holds, lacking
from tracker.publish.layout import CARD, MonthFile, day_of, day_path, month
from tracker.publish.months import expand

Tell = Callable[[str], None]

OF_A_NEW_DATASET = {".gitattributes", CARD}
"""What the Hub itself puts into a dataset."""


@dataclass(slots=True)
class Pulled:
    """What a pull brought."""

    repo_id: str
    revision: str
    landed: list[str] = field(default_factory=list)
    """Crawls that landed."""

    kept: list[str] = field(default_factory=list)
    """Crawls of which home and dataset hold different readings; the home's stayed."""

    held: int = 0
    """Crawls in the dataset."""


def pull(lake: Lake, dataset: Dataset, tell: Tell, *, is_forced: bool = False) -> Pulled:
    """Brings what the home lacks; where both have a crawl and differ, the home keeps its own unless `is_forced`.

    A dataset that is new and empty is no error: a tracker that runs by itself pulls before its first crawl.
    Raises HubError, DataError if the dataset is none of ours or damaged, HomeError if something else is running.
    """
    with alone(lake.home, "pull"):
        folder = lake.runs / "pull"
        held = dataset.held(folder)
        if not held.manifests and held.files.keys() - OF_A_NEW_DATASET:
            raise DataError(
                f"{dataset.repo_id} holds no lake: {dataset.endpoint}/datasets/{dataset.repo_id} has no crawl, but "
                "other files. Nothing was pulled."
            )
        found = fetch(lake, dataset, held, folder, tell, is_forced=is_forced)
        shutil.rmtree(folder, ignore_errors=True)
        return found


def fetch(lake: Lake, dataset: Dataset, held: Held, folder: Path, tell: Tell, *, is_forced: bool = False) -> Pulled:
    """Lands what the home lacks of what the dataset holds; downloads go to `folder`."""
    home = lake.manifests()
    refuse_mixture(lake, home, held)
    differ = differing(home, held)
    found = Pulled(dataset.repo_id, held.revision, kept=[] if is_forced else differ, held=len(held.manifests))
    wanted = [*lacking(home, held), *(held.crawls[crawl] for crawl in (differ if is_forced else []))]
    by_month: dict[str, list[Manifest]] = defaultdict(list)
    for manifest in wanted:
        by_month[month(manifest.day)].append(manifest)
    fetching = _Fetching(lake, dataset, held, folder, found.kept)
    for number, (name, manifests) in enumerate(sorted(by_month.items()), 1):
        tell(f"Fetching {name}, month {number} of {len(by_month)}: {count(len(manifests), 'crawl')}.")
        fetching.month(manifests)
        found.landed += [manifest.crawl for manifest in manifests]
    return found


def count(number: int, what: str) -> str:
    """So many of something."""
    return f"{number:,} {what}" if number == 1 else f"{number:,} {what}s"


@contextmanager
def alone(home: Path, what: str) -> Iterator[None]:
    """Holds the home against everything that changes its lake, while `what` runs. Raises HomeError."""
    with locked(home, what), locked(home, "crawl"), locked(home, "import"):
        yield


def refuse_mixture(lake: Lake, home: Sequence[Manifest], held: Held) -> None:
    """Raises HomeError where simulated and real data would meet."""
    if home and any(manifest.is_simulated != home[0].is_simulated for manifest in (*home, *held.manifests)):
        kept, offered = ("simulated", "real") if home[0].is_simulated else ("real", "simulated")
        raise HomeError(
            f"{lake.home} holds {kept} data and the dataset {offered} data; they must not mix. Nothing was changed. "
            "Use another --home or another dataset."
        )


@dataclass(frozen=True, slots=True)
class _Fetching:
    lake: Lake
    dataset: Dataset
    held: Held
    folder: Path
    kept: Sequence[str]
    """Crawls that the home has otherwise, and keeps."""

    def month(self, manifests: Sequence[Manifest]) -> None:
        """Lands the crawls of one month: day files as they are, those of a compacted month written out again."""
        written = self._written([file for manifest in manifests for file in manifest.files])
        for manifest in sorted(manifests, key=lambda manifest: manifest.day):
            own = self.lake.manifest(manifest.crawl)
            if own is None or not holds(own, manifest):
                self._land(
                    manifest, own, {file: written.get(file.path) or self._day_file(file) for file in manifest.files}
                )

    def _written(self, files: Sequence[LakeFile]) -> dict[str, Path]:
        """Path in the lake -> file, for those of these day files that months hold."""
        compacted: dict[MonthFile, list[LakeFile]] = defaultdict(list)
        for file in files:
            if day_path(file) not in self.held.files:
                compacted[MonthFile.of(file)].append(file)
        written: dict[str, Path] = {}
        for place, members in compacted.items():
            written |= self._expanded(place, members)
        return written

    def _expanded(self, place: MonthFile, files: Sequence[LakeFile]) -> dict[str, Path]:
        """Path in the lake -> file, for day files that a month holds. Raises DataError."""
        if place.path not in self.held.files:
            raise DataError(
                f"{self.dataset.repo_id} lists crawls of {place.month}, but has no {place.path}. Nothing of that month "
                "was pulled; a home that has it can publish it again."
            )
        month_file = self.dataset.fetched(self.held, place.path, self.folder)
        sinks, written = {}, {}
        for file in files:
            into = self.folder / "expanded" / file.path
            into.mkdir(parents=True, exist_ok=True)
            sinks[day_of(file)] = LakeWriter(into)
            written[file.path] = into / f"{place.table}.parquet"
        try:
            expand(place.table, month_file, sinks)
        except (ValueError, pa.ArrowException) as problem:
            raise DataError(
                f"{place.path} of {self.dataset.repo_id} cannot be read ({problem}). Nothing of that month was pulled. "
                "Delete it there, and publish from a home that has the month."
            ) from problem
        for file in files:
            _, rows = sinks[day_of(file)].close(self.lake, day_of(file), place.name)
            if sum(rows.values()) != file.rows:
                raise DataError(
                    f"{place.path} of {self.dataset.repo_id} holds {sum(rows.values())} rows of {day_of(file)} instead "
                    f"of {file.rows}. Nothing of that month was pulled. Delete it there, and publish from a home that "
                    "has the month."
                )
        month_file.unlink()
        return written

    def _land(self, manifest: Manifest, own: Manifest | None, sources: Mapping[LakeFile, Path]) -> None:
        """Moves the files of one crawl into the lake, then its manifest; of its own earlier form nothing stays."""
        targets = {self.lake.folder / file.path: source for file, source in sources.items()}
        rows = {self.lake.folder / file.path: file.rows for file in manifest.files}
        if is_needed(self.lake, manifest, self.held.crawls, self.kept):
            between = Between(self.lake, manifest, sources, self._told_before(manifest.day), self.folder / "between")
            more, more_rows = between.more()
            targets, rows = targets | more, rows | more_rows
        if own is not None:
            self.lake.delete_manifest(own.crawl)
        landed = self.lake.add_files(targets, rows)
        by_path = {file.path: file for file in landed}
        named = [file.path for file in manifest.files]
        files = tuple(by_path[path] for path in [*named, *sorted(by_path.keys() - {*named})])
        self.lake.save_manifest(replace(manifest, files=files))
        for file in own.files if own is not None else ():
            if file.path not in by_path:
                (self.lake.folder / file.path).unlink(missing_ok=True)

    def _told_before(self, day: date) -> dict[str, Told]:
        """Table -> the files in which the dataset's crawls before a day told attributes."""
        before = [theirs for theirs in self.held.manifests if theirs.source == CRAWL and theirs.day < day]
        told: dict[str, list[tuple[Path, date]]] = {"models": [], "edges": []}
        for theirs in before:
            own = None if theirs.crawl in self.kept else self.lake.manifest(theirs.crawl)
            for table, found in told.items():
                if own is not None:
                    found += [(file, own.day) for file in self.lake.files(table, [own])]
                else:
                    found += [(file, theirs.day) for file in self._fetched(table, theirs)]
        return {**told}

    def _fetched(self, table: str, theirs: Manifest) -> list[Path]:
        """The files of one table of a crawl that does not land."""
        files = [file for file in theirs.files if file.path.startswith(f"{table}/")]
        written = self._written(files)
        return [written.get(file.path) or self._day_file(file) for file in files]

    def _day_file(self, file: LakeFile) -> Path:
        found = self.dataset.fetched(self.held, day_path(file), self.folder)
        if sha256_and_size(found)[0] != file.sha256:
            raise DataError(
                f"{day_path(file)} of {self.dataset.repo_id} is not what its crawl wrote. That day was not pulled; a "
                "home that has it can publish it again."
            )
        return found
