"""Attributes that a day landing late would hide: they are written down again on the next day that was read.

Attributes are landed where they differ from those of earlier days. If a day lands after later ones, the next day's may
have been left out because they agree with a day before both; they must then be told again, or the late ones would seem
to last.
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
        max(held.day) as from_day, arg_max(held.fingerprint, held.day) as fingerprint
    from slice join next_days using (hub_id) join held_models as held using (hub_id)
    where held.day <= next_days.day
        and slice.hub_id not in (select hub_id from landed_today where hub_id between $low and $high)
    group by all
)
select hub_id, day, scope, from_day, fingerprint from compared
where from_day < day and fingerprint is distinct from landing
"""


class LateDayBackfill:
    """What days after the one that lands say of its repositories; nothing if there are none, which is the rule."""

    def __init__(self, connection: Connection, lake: Lake, day: date) -> None:
        """Shows the lake to the connection, which has the view `landed_today`."""
        self._connection, self._lake = connection, lake
        landed = lake.crawl_manifests()
        self._later = {(later.day, later.scope): later for later in landed if later.day > day}
        if self._later:
            _show(connection, "later_days", lake.files("model_days", list(self._later.values())), "hub_id")
            for table in ("models", "edges"):
                _show(connection, f"held_{table}", lake.files(table, landed), ", ".join(SCHEMAS[table].names))
            connection.execute(
                "create temp table hidden (hub_id varchar, day date, scope varchar, from_day date, fingerprint ubigint)"
            )

    def note(self) -> None:
        """Remembers which repositories of the table `slice` would hide what a later day has."""
        if self._later:
            [(low, high)] = rows(self._connection, "select min(hub_id), max(hub_id) from slice")
            self._connection.execute(_HIDDEN, {"low": low, "high": high})

    def land(self, folder: Path) -> None:
        """Adds to each later crawl the attributes that would be hidden, as one more file of its own.

        Done before the late day counts: a crash in between leaves attributes that are told twice, which is no harm.
        """
        if self._later:
            for day, scope in rows(self._connection, "select distinct day, scope from hidden order by all"):
                manifest = self._later[day, scope]
                self._lake.save_manifest(replace(manifest, files=manifest.files + self._written(manifest, folder)))

    def _written(self, manifest: Manifest, folder: Path) -> tuple[LakeFile, ...]:
        sink = LakeWriter(folder / "restored")
        (folder / "restored").mkdir(exist_ok=True)
        for table in ("models", "edges"):
            names = ", ".join(f"held.{name}" for name in SCHEMAS[table].names)
            query = (
                f"select {names} from held_{table} as held "
                "join hidden on hidden.hub_id = held.hub_id and hidden.from_day = held.day "
                "where hidden.day = $day and hidden.scope = $scope"
            )
            sink.write(table, arrow(self._connection, query, {"day": manifest.day, "scope": manifest.scope}))
        of_crawl = f"day = {literal(str(manifest.day))} and scope = {literal(manifest.scope)}"
        name = extra_file_name(self._connection, manifest, f"select hub_id, fingerprint from hidden where {of_crawl}")
        return self._lake.add_files(*sink.close(self._lake, manifest.day, name))


def extra_file_name(connection: Connection, manifest: Manifest, query: str) -> str:
    """Name of one more file of a crawl, by what it tells (`query`: hub_id, fingerprint): the same in every home."""
    number = one(connection, f"select coalesce(sum(hash(hub_id, fingerprint)), 0) % 1_000_000_000 from ({query})")
    return f"{manifest.scope}-{int(number)}"


def _show(connection: Connection, name: str, files: list[Path], columns: str) -> None:
    """A view of these files with their day and the name of the scope; there are always some."""
    names = ", ".join(literal(str(file)) for file in files)
    scope = r"regexp_extract(filename, '([^/\\]+)\.parquet$', 1)" if columns == "hub_id" else "null"
    connection.execute(
        f"create temp view {name} as select {columns}, day, {scope} as scope "
        f"from read_parquet([{names}], hive_partitioning = true, filename = true)"
    )
