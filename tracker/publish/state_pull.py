"""Pull the state of a dataset instead of its history, so that an empty machine can add the next day to it.

The home gets the carried tables as `tracker.state.duckdb`, the day files, all manifests, and of the lake only
attributes and links, which crawls and builds compare with. It gets the readings of a crawl only if the state does not
cover it. The other readings are listed as remote: what needs them says so, and a pull without `--state` fetches them.
"""

import shutil
from collections.abc import Sequence
from pathlib import Path

import duckdb

from tracker.database import connect, refuse_open_elsewhere
from tracker.domain import Manifest
from tracker.errors import DataError
from tracker.lake.lake import Lake, RemoteFiles, locked, sha256_and_size, sync
from tracker.publish.dataset import Dataset, DatasetState
from tracker.publish.diff import covers
from tracker.publish.layout import STATE
from tracker.publish.pull import Notify, PullResult, exclusive, fetch, refuse_foreign
from tracker.publish.state import MAX_STATE_BYTES, State, StateDays, names_differ, parse, stored
from tracker.warehouse.build import STATE_FILE, earlier_file
from tracker.warehouse.carried import Assembly
from tracker.warehouse.day_files import IDS
from tracker.warehouse.increment import REGISTRY_TABLE, earlier_build, reason_against, sql_version
from tracker.warehouse.sql_files import STATE_SCHEMA
from tracker.warehouse.state_files import CarriedFile

_NEW_FILE = f"{STATE_FILE}.new"
_MEMORY = "60%"


def pull_state(lake: Lake, dataset: Dataset, notify: Notify) -> PullResult:
    """Pull the state, or the history with a reason if this program cannot add days to the state.

    Interrupted, the same call goes on. The carried tables come last, into a file of their own: a warehouse of the home
    stays in place until the next build.

    Raises:
        HubError: the Hub cannot be reached or refuses.
        DataError: the dataset is damaged, or lacks crawls of the home.
        HomeError: another command is running in this home.
    """
    with exclusive(lake.home, "pull"), locked(lake.home, "build"):
        folder = lake.runs / "pull"
        state = dataset.state(folder)
        refuse_foreign(dataset, state)
        found = _usable(lake, dataset, state, folder) if state.manifests else "the dataset is empty"
        if isinstance(found, str):
            if state.manifests:
                notify(f"The state is not used: {found}. The history is pulled instead.")
            result = fetch(lake, dataset, state, folder, notify)
        else:
            result = _Puller(lake, dataset, state, folder, notify).pull(found)
        shutil.rmtree(folder, ignore_errors=True)
        return result


def read_state(dataset: Dataset, state: DatasetState, folder: Path) -> State | str:
    """Return the state that the dataset has, or a clause that says why there is none."""
    if STATE not in state.files:
        return f"{dataset.repo_id} has none; a publish of a slim warehouse makes it"
    if state.files[STATE].size > MAX_STATE_BYTES:
        return f"its manifest has {state.files[STATE].size:,} bytes"
    try:
        found = parse(dataset.fetch(state, STATE, folder).read_text(encoding="utf-8"))
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as problem:
        return f"its manifest is damaged or of another version of this program ({type(problem).__name__}: {problem})"
    return found if stored(state, found) else "some of its files are missing in the dataset"


def _usable(lake: Lake, dataset: Dataset, state: DatasetState, folder: Path) -> State | str:
    """Return the state if the next build can add days to it, or a clause that says why not."""
    home = lake.manifests()
    if home and not lake.remote_files().paths:
        return "this home has readings of its own"
    _refuse_unpublished(home, state, dataset.repo_id)
    found = read_state(dataset, state, folder)
    if isinstance(found, str):
        return found
    if found.duckdb_version != duckdb.__version__:
        return f"DuckDB {found.duckdb_version} wrote it, and this is DuckDB {duckdb.__version__}"
    if found.build.sql_version != sql_version() or names_differ(found):
        return "the table definitions of this version of the program differ from those that it was built with"
    return reason_against(found.build, state.manifests) or found


def _refuse_unpublished(home: Sequence[Manifest], state: DatasetState, repo_id: str) -> None:
    theirs = state.crawls
    own = [manifest.crawl for manifest in home if not covers(theirs.get(manifest.crawl, manifest), manifest)]
    if lacking := sorted({*own, *(manifest.crawl for manifest in home if manifest.crawl not in theirs)}):
        raise DataError(
            f"This home has crawls that {repo_id} does not have: {', '.join(lacking[:5])}. Nothing was pulled. Run "
            f"`tracker build` and `tracker publish {repo_id}` first, or pull into an empty --home."
        )


class _Puller:
    """Fetches the parts of a state."""

    def __init__(self, lake: Lake, dataset: Dataset, state: DatasetState, folder: Path, notify: Notify) -> None:
        self._lake, self._dataset, self._state = lake, dataset, state
        self._folder, self._notify = folder, notify

    def pull(self, found: State) -> PullResult:
        """Fetch the day files, then the lake, and the carried tables last."""
        size = sum(self._state.files[path].size for path in found.paths)
        self._notify(f"Fetching the state of {found.build.last_day}: up to {size / 1e6:,.1f} MB.")
        absent = frozenset(
            file.path
            for manifest in self._state.manifests
            if manifest.crawl in found.build.crawls
            for file in manifest.files
            if file.path.startswith("model_days/") and not (self._lake.folder / file.path).exists()
        )
        self._lake.save_remote_files(RemoteFiles(self._dataset.repo_id, absent))
        for part in found.days:
            self._place(part, part.file.bytes, self._lake.home / part.file.file)
        result = fetch(self._lake, self._dataset, self._state, self._folder, self._notify, remote=absent)
        if not self._has(found):
            self._assemble(found)
        result.state_of = found.build.last_day
        return result

    def _has(self, found: State) -> bool:
        """Return whether the next build of the home starts from this state or a later one."""
        file = earlier_file(self._lake.home)
        if not file.exists():
            return False
        try:
            with connect(file, read_only=True) as connection:
                own = earlier_build(connection)
        except (duckdb.Error, ValueError) as problem:
            if isinstance(problem, duckdb.Error):
                refuse_open_elsewhere(file, problem)
            return False
        return own.sql_version == found.build.sql_version and own.crawls.items() >= found.build.crawls.items()

    def _place(self, part: CarriedFile | StateDays, size: int, target: Path) -> None:
        """Fetch a file into the home, unless it is there."""
        if target.exists() and sha256_and_size(target) == (part.sha256, size):
            return
        fetched = self._checked(part)
        target.parent.mkdir(parents=True, exist_ok=True)
        sync(fetched)
        fetched.replace(target)

    def _assemble(self, found: State) -> None:
        file = self._lake.home / _NEW_FILE
        try:
            with Assembly(file, _MEMORY) as assembly:
                files = [
                    part
                    for part in found.tables
                    if part.table.name.startswith(f"{STATE_SCHEMA}.") and part.table.name != REGISTRY_TABLE
                ]
                for part in sorted(files, key=lambda part: part.table.name != IDS):
                    self._place(part, part.bytes, self._lake.home / part.path)
                    assembly.check(part)
                for part in found.tables:
                    if part not in files:
                        fetched = self._checked(part)
                        assembly.add(part.table, fetched)
                        fetched.unlink()
                assembly.finish(found.build.sql_version, [part.file for part in found.days], files)
        except (duckdb.Error, ValueError) as problem:
            if isinstance(problem, duckdb.IOException):
                raise
            raise DataError(
                f"The state of {self._dataset.repo_id} cannot be read ({problem}). None of its "
                "tables were used. Run `tracker pull` without --state, then `tracker build` and `tracker publish`."
            ) from problem
        file.replace(self._lake.home / STATE_FILE)

    def _checked(self, part: CarriedFile | StateDays) -> Path:
        """Fetch a file and compare it with the manifest. Raises DataError."""
        fetched = self._dataset.fetch(self._state, part.path, self._folder)
        if sha256_and_size(fetched)[0] != part.sha256:
            fetched.unlink()
            raise DataError(
                f"{part.path} of {self._dataset.repo_id} differs from what its state names. None of its tables "
                "were used. Run `tracker pull` without --state, then `tracker build --slim` and publish again."
            )
        return fetched
