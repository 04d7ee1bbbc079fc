"""Add attributes to crawls that are pulled out of order, so that every day keeps the attributes it read.

A crawl stores attributes only where they differ from earlier days in its own home. In another home, with other earlier
days, an omitted row would mean something else. For such repositories the attributes are stored again, in one more file
of the crawl that read them.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import pyarrow as pa

from tracker.database import Connection, arrow, connect, literal, one
from tracker.domain import CRAWL, LakeFile, Manifest
from tracker.lake.backfill import LateDayBackfill, extra_file_name
from tracker.lake.lake import Lake
from tracker.lake.writer import SCHEMAS, LakeWriter
from tracker.warehouse.inputs import create_table

DatedFiles = Sequence[tuple[Path, date]]
"""Files of attributes with their days."""

_SLICE = """
create temp table slice as
select hub_id, arg_max(fingerprint, day) as fingerprint, max(day) as from_day
from theirs_models where hub_id in (select hub_id from read_today)
group by hub_id
"""
_HIDDEN = """
create temp table hidden_today as
with ours as (
    select hub_id, arg_max(fingerprint, day) as fingerprint
    from ours_models where hub_id in (select hub_id from read_today)
    group by hub_id
)
select slice.hub_id, slice.from_day, slice.fingerprint from slice left join ours using (hub_id)
where ours.fingerprint is distinct from slice.fingerprint
"""
_HIDDEN_ROWS = """
select {names} from theirs_{table} as theirs
join hidden_today as hidden on hidden.hub_id = theirs.hub_id and hidden.from_day = theirs.day
"""


@dataclass(frozen=True, slots=True)
class OutOfOrderCrawl:
    """A crawl about to land in a lake that has later days, or earlier days its own home did not have."""

    lake: Lake
    manifest: Manifest
    sources: Mapping[LakeFile, Path]
    """Its files, with their current paths."""

    theirs: Mapping[str, DatedFiles]
    """Table -> attributes stored by its own home until the day before."""

    folder: Path
    """Folder for the new files."""

    def added_files(self) -> tuple[dict[Path, Path], dict[Path, int]]:
        """Write one more file per table for this crawl; return target -> file and target -> rows.

        Later crawls get their added files at once, before this crawl lands. A crash in between leaves attributes that
        are stored twice, which is harmless.
        """
        with connect() as connection:
            self._show(connection)
            connection.execute(_SLICE)
            connection.execute(_HIDDEN)
            sink = LakeWriter(self._subfolder("added"))
            if one(connection, "select count(*) from hidden_today"):
                for table in ("models", "edges"):
                    names = ", ".join(f"theirs.{name}" for name in SCHEMAS[table].names)
                    sink.write(table, arrow(connection, _HIDDEN_ROWS.format(names=names, table=table)))
            self._land_later(connection)
            name = extra_file_name(connection, self.manifest, "select hub_id, fingerprint from hidden_today")
        return sink.close(self.lake, self.manifest.day, name)

    def _land_later(self, connection: Connection) -> None:
        connection.execute("create temp view landed_today as select hub_id from slice where false")
        later = LateDayBackfill(connection, self.lake, self.manifest.day)
        later.note()
        later.land(self._subfolder("later"))

    def _show(self, connection: Connection) -> None:
        today = {
            table: [
                (path, self.manifest.day) for file, path in self.sources.items() if file.path.startswith(f"{table}/")
            ]
            for table in SCHEMAS
        }
        earlier = [own for own in self.lake.crawl_manifests() if own.day <= self.manifest.day]
        others = [own for own in earlier if own.crawl != self.manifest.crawl]
        ours = [(file, own.day) for own in others for file in self.lake.files("models", [own])]
        _view(connection, "read_today", SCHEMAS["model_days"], today["model_days"])
        _view(connection, "ours_models", SCHEMAS["models"], [*ours, *today["models"]])
        for table in ("models", "edges"):
            _view(connection, f"theirs_{table}", SCHEMAS[table], [*self.theirs[table], *today[table]])

    def _subfolder(self, name: str) -> Path:
        folder = self.folder / name
        folder.mkdir(parents=True, exist_ok=True)
        return folder


def is_out_of_order(
    lake: Lake, manifest: Manifest, theirs: Mapping[str, Manifest], not_replaced: Sequence[str]
) -> bool:
    """Return whether the lake has later crawls, or earlier ones that the crawl's own home did not have."""
    return manifest.source == CRAWL and any(
        own.day > manifest.day or own.crawl not in theirs or own.crawl in not_replaced
        for own in lake.crawl_manifests()
        if own.crawl != manifest.crawl
    )


def _view(connection: Connection, name: str, schema: pa.Schema, files: DatedFiles) -> None:
    """Create a view of the rows of these files with their days."""
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
