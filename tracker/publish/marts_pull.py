"""Pull the tables that pages read (`marts.duckdb` of a dataset) as the warehouse of a home, without any readings.

The home then has one file that the dashboard, `tracker sql` and `tracker report` open, and a note of where it is from.
A later pull asks for the revision of the dataset only, and replaces the file in one step if its content has changed.
"""

import shutil
from dataclasses import replace
from datetime import date
from pathlib import Path

import duckdb

from tracker.database import connect, refuse_open_elsewhere, rows
from tracker.errors import DataError, HomeError
from tracker.hub.datasets import ErrorTexts, NotFound, StoredFile
from tracker.lake import axis_days
from tracker.lake.lake import Lake, locked, sync
from tracker.publish import compact
from tracker.publish.compact import Note, read_note, save_note
from tracker.publish.dataset import Dataset, DatasetState
from tracker.publish.layout import COMPACT
from tracker.publish.pull import Notify, exclusive
from tracker.sql.query import open_warehouse
from tracker.warehouse.build import FILE

MARTS_TEXTS = ErrorTexts(
    "pull", "Nothing was pulled.", "Run the same command again; tables that were fetched before stay as they are."
)


def pull_marts(lake: Lake, dataset: Dataset, notify: Notify) -> tuple[Note, bool]:
    """Fetch the compact file of a dataset if the home does not have it yet; return what it has, and whether it is new.

    Raises:
        HubError: the Hub cannot be reached or refuses.
        DataError: the dataset has no such file, or it is damaged.
        HomeError: the home has data of its own, or another command is running in it.
    """
    with exclusive(lake.home, "pull"), locked(lake.home, "build"):
        known = read_note(lake.home)
        _refuse_own_data(lake, known)
        revision, _ = dataset.head()
        warehouse = lake.home / FILE
        if known and not (warehouse.exists() and warehouse.stat().st_size == known.bytes):
            known = None
        if known and (known.repo_id, known.revision) == (dataset.repo_id, revision):
            return known, False
        try:
            stored = dataset.file(COMPACT, revision)
        except NotFound as problem:
            raise DataError(
                f"{dataset.repo_id} has no {COMPACT}: a publish of this version makes it, of up to "
                f"{compact.MOST_MODELS:,} models. Nothing was pulled. Without --marts the readings are pulled, and "
                "`tracker build` makes the tables."
            ) from problem
        is_new = known is None or known.oid != stored.oid
        note = replace(known, repo_id=dataset.repo_id, revision=revision) if known and not is_new else None
        note = note or _replace(lake, dataset, revision, stored, notify)
        save_note(note, lake.home)
        return note, is_new


def _replace(lake: Lake, dataset: Dataset, revision: str, stored: StoredFile, notify: Notify) -> Note:
    """Fetch the file, check it, and put it in the place of the one before."""
    folder = lake.runs / "pull"
    notify(f"Fetching the tables of {dataset.repo_id}: {stored.size / 1e6:,.1f} MB.")
    fetched = dataset.fetch(DatasetState(revision, False, {COMPACT: stored}), COMPACT, folder)
    try:
        with open_warehouse(fetched) as connection:
            [(last_day, program)] = rows(connection, "select last_day, program_version from build")
            [(since, left_out)] = rows(connection, f"select history_since, readings_left_out from {compact.TABLE}")
        if not isinstance(last_day, date):
            raise ValueError("it names no last day")
    except (DataError, duckdb.Error, ValueError) as problem:
        fetched.unlink()
        reason = str(problem.__cause__ or problem).splitlines()[0]
        raise DataError(
            f"{COMPACT} of {dataset.repo_id} cannot be read ({reason}). Nothing was pulled. Update this program, or "
            "publish again."
        ) from problem
    sync(fetched)
    fetched.replace(lake.home / FILE)
    shutil.rmtree(folder, ignore_errors=True)
    return Note(
        dataset.repo_id,
        revision,
        stored.oid,
        stored.size,
        str(last_day),
        str(since) if left_out else None,
        program,
    )


def _refuse_own_data(lake: Lake, known: Note | None) -> None:
    """Raise HomeError if the home has readings, or a warehouse that was not pulled."""
    warehouse = lake.home / FILE
    if lake.manifests() or axis_days.manifests(lake):
        own = "readings of its own, from which `tracker build` makes all tables"
    elif warehouse.exists() and not _is_pulled(warehouse, known):
        own = f"a warehouse of its own, {FILE}"
    else:
        return
    raise HomeError(f"{lake.home.resolve()} has {own}. Nothing was changed. Pull into another --home.")


def _is_pulled(warehouse: Path, known: Note | None) -> bool:
    try:
        with connect(warehouse, read_only=True) as connection:
            return bool(rows(connection, "from duckdb_tables() where table_name = ?", [compact.TABLE]))
    except duckdb.Error as problem:
        refuse_open_elsewhere(warehouse, problem)
        return known is not None  # damaged
