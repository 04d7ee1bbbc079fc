"""Repeat attributes on the next day when a crawl arrives late and would hide them.

A crawl stores attributes only where they differ from earlier days. If a day is added after later days, the next day may
have omitted attributes because they equal those of a day before both. They must be stored again on the next day;
otherwise the attributes of the late day would appear to continue.
"""

from dataclasses import replace
from datetime import date
from pathlib import Path

from tracker.database import Connection, arrow, literal, one, rows
from tracker.domain import LakeFile, Manifest
from tracker.lake.lake import Lake
from tracker.lake.writer import SCHEMAS, LakeWriter

_HIDDEN = """
insert into hidden
with next_days as (
    select hub_id, min(day) as day, min_by(scope, day) as scope
    from later_days where hub_id between $low and $high group by hub_id
),
compared as (
    select slice.hub_id, next_days.day, next_days.scope, slice.fingerprint as landing,
        max(earlier.day) as from_day, arg_max(earlier.fingerprint, earlier.day) as fingerprint
    from slice join next_days using (hub_id) join earlier_models as earlier using (hub_id)
    where earlier.day <= next_days.day
        and slice.hub_id not in (select hub_id from landed_today where hub_id between $low and $high)
    group by all
)
select hub_id, day, scope, from_day, fingerprint from compared
where from_day < day and fingerprint is distinct from landing
"""


class LateDayBackfill:
    """Attributes of later days that the new day would hide. Does nothing if there are no later days, the usual case."""

    def __init__(self, connection: Connection, lake: Lake, day: date) -> None:
        """Create views of the lake on a connection that has the view `landed_today`."""
        self._connection, self._lake = connection, lake
        landed = lake.crawl_manifests()
        self._later = {(later.day, later.scope): later for later in landed if later.day > day}
        if self._later:
            lake.require_history(f"{day} arrives after later days")
            _create_view(connection, "later_days", lake.files("model_days", list(self._later.values())), "hub_id")
            for table in ("models", "edges"):
                _create_view(connection, f"earlier_{table}", lake.files(table, landed), ", ".join(SCHEMAS[table].names))
            connection.execute(
                "create temp table hidden (hub_id varchar, day date, scope varchar, from_day date, fingerprint ubigint)"
            )

    def note(self) -> None:
        """Record which repositories in the table `slice` would hide attributes of a later day."""
        if self._later:
            [(low, high)] = rows(self._connection, "select min(hub_id), max(hub_id) from slice")
            self._connection.execute(_HIDDEN, {"low": low, "high": high})

    def land(self, folder: Path) -> None:
        """Add the hidden attributes to each later crawl, in an extra file.

        This is done before the late day counts. A crash in between leaves repeated attributes, which are harmless.
        """
        if self._later:
            for day, scope in rows(self._connection, "select distinct day, scope from hidden order by all"):
                manifest = self._later[day, scope]
                self._lake.save_manifest(replace(manifest, files=manifest.files + self._written(manifest, folder)))

    def _written(self, manifest: Manifest, folder: Path) -> tuple[LakeFile, ...]:
        writer = LakeWriter(folder / "restored")
        (folder / "restored").mkdir(exist_ok=True)
        for table in ("models", "edges"):
            names = ", ".join(f"earlier.{name}" for name in SCHEMAS[table].names)
            query = (
                f"select {names} from earlier_{table} as earlier "
                "join hidden on hidden.hub_id = earlier.hub_id and hidden.from_day = earlier.day "
                "where hidden.day = $day and hidden.scope = $scope"
            )
            writer.write(table, arrow(self._connection, query, {"day": manifest.day, "scope": manifest.scope}))
        of_crawl = f"day = {literal(str(manifest.day))} and scope = {literal(manifest.scope)}"
        name = extra_file_name(self._connection, manifest, f"select hub_id, fingerprint from hidden where {of_crawl}")
        return self._lake.add_files(*writer.close(self._lake, manifest.day, name))


def extra_file_name(connection: Connection, manifest: Manifest, query: str) -> str:
    """Return a file name derived from the content (`query`: hub_id, fingerprint). It is the same in every home."""
    number = one(connection, f"select coalesce(sum(hash(hub_id, fingerprint)), 0) % 1_000_000_000 from ({query})")
    return f"{manifest.scope}-{int(number)}"


def _create_view(connection: Connection, name: str, files: list[Path], columns: str) -> None:
    """Create a view of these files, at least one, with their day and scope."""
    names = ", ".join(literal(str(file)) for file in files)
    scope = r"regexp_extract(filename, '([^/\\]+)\.parquet$', 1)" if columns == "hub_id" else "null"
    connection.execute(
        f"create temp view {name} as select {columns}, day, {scope} as scope "
        f"from read_parquet([{names}], hive_partitioning = true, filename = true)"
    )
