"""Attributes of days that come between others: written down again where a home's own days and pulled ones hide them.

Attributes are landed where they differ from those of earlier days, in a home of those it had then. A pulled day that
agrees with an earlier one of its own home may follow another day here; an own day may come to follow a pulled one. What
would then seem to last is told again on the day that read otherwise, in one more file of its crawl.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import duckdb
import pyarrow as pa

from tracker.database import Connection, arrow, literal, one
from tracker.domain import CRAWL, LakeFile, Manifest
from tracker.lake.backfill import LateDayBackfill, extra_file_name
from tracker.lake.lake import Lake
from tracker.lake.writer import SCHEMAS, LakeWriter
from tracker.warehouse.inputs import create_table

Told = Sequence[tuple[Path, date]]
"""Files of attributes with their days."""

_SLICE = """
create temp table slice as
select hub_id, arg_max(fingerprint, day) as fingerprint, max(day) as from_day
from theirs_models where hub_id in (select hub_id from read_today)
group by hub_id
"""
_LOST = """
create temp table lost as
with held as (
    select hub_id, arg_max(fingerprint, day) as fingerprint
    from ours_models where hub_id in (select hub_id from read_today)
    group by hub_id
)
select slice.hub_id, slice.from_day, slice.fingerprint from slice left join held using (hub_id)
where held.fingerprint is distinct from slice.fingerprint
"""
_OF_THE_LOST = """
select {names} from theirs_{table} as theirs
join lost on lost.hub_id = theirs.hub_id and lost.from_day = theirs.day
"""


@dataclass(frozen=True, slots=True)
class Between:
    """A crawl that is about to land in a lake with days that its own home had not, or with later ones."""

    lake: Lake
    manifest: Manifest
    sources: Mapping[LakeFile, Path]
    """Its files, where they lie now."""

    theirs: Mapping[str, Told]
    """Table -> what its own home had told until the day before."""

    folder: Path
    """For what is written."""

    def more(self) -> tuple[dict[Path, Path], dict[Path, int]]:
        """One more file a table of the crawl, target -> where it lies, and its rows; later crawls get theirs at once.

        Done before the crawl counts: a crash in between leaves attributes that are told twice, which is no harm.
        """
        with duckdb.connect() as connection:
            connection.execute("set timezone = 'UTC'")
            self._show(connection)
            connection.execute(_SLICE)
            connection.execute(_LOST)
            sink = LakeWriter(self._made("more"))
            if one(connection, "select count(*) from lost"):
                for table in ("models", "edges"):
                    names = ", ".join(f"theirs.{name}" for name in SCHEMAS[table].names)
                    sink.write(table, arrow(connection, _OF_THE_LOST.format(names=names, table=table)))
            self._land_later(connection)
            name = extra_file_name(connection, self.manifest, "select hub_id, fingerprint from lost")
        return sink.close(self.lake, self.manifest.day, name)

    def _land_later(self, connection: Connection) -> None:
        connection.execute("create temp view landed_today as select hub_id from slice where false")
        later = LateDayBackfill(connection, self.lake, self.manifest.day)
        later.note()
        later.land(self._made("later"))

    def _show(self, connection: Connection) -> None:
        today = {
            table: [
                (path, self.manifest.day) for file, path in self.sources.items() if file.path.startswith(f"{table}/")
            ]
            for table in SCHEMAS
        }
        earlier = [own for own in self.lake.crawl_manifests() if own.day <= self.manifest.day]
        kept = [own for own in earlier if own.crawl != self.manifest.crawl]
        ours = [(file, own.day) for own in kept for file in self.lake.files("models", [own])]
        _view(connection, "read_today", SCHEMAS["model_days"], today["model_days"])
        _view(connection, "ours_models", SCHEMAS["models"], [*ours, *today["models"]])
        for table in ("models", "edges"):
            _view(connection, f"theirs_{table}", SCHEMAS[table], [*self.theirs[table], *today[table]])

    def _made(self, name: str) -> Path:
        made = self.folder / name
        made.mkdir(parents=True, exist_ok=True)
        return made


def is_needed(lake: Lake, manifest: Manifest, theirs: Mapping[str, Manifest], kept: Sequence[str]) -> bool:
    """Whether a crawl lands before others, or after some that its own home had not or had otherwise."""
    return manifest.source == CRAWL and any(
        own.day > manifest.day or own.crawl not in theirs or own.crawl in kept
        for own in lake.crawl_manifests()
        if own.crawl != manifest.crawl
    )


def _view(connection: Connection, name: str, schema: pa.Schema, files: Told) -> None:
    """The rows of these files, each with its day."""
    if not files:
        create_table(connection, name, schema.append(pa.field("day", pa.date32())).empty_table())
        return
    days = pa.table({"filename": [str(file) for file, _ in files], "day": [day for _, day in files]})
    create_table(connection, f"{name}_files", days)
    names = ", ".join(literal(str(file)) for file, _ in files)
    connection.execute(
        f"create temp view {name} as select {', '.join(schema.names)}, found.day "
        f"from read_parquet([{names}], hive_partitioning = false, filename = true) "
        f"join {name}_files as found using (filename)"
    )
