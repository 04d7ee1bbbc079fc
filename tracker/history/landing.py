"""From the scratch file into the lake: one partition and one manifest a day, each whole or not at all."""

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import date, datetime
from pathlib import Path

import pyarrow as pa

from tracker.domain import Manifest
from tracker.history.matching import Matcher
from tracker.history.types import ArchiveFile, ImportOptions, ImportResult
from tracker.lake.lake import Lake
from tracker.lake.writer import SCHEMAS, LakeWriter
from tracker.version import VERSION


@dataclass(frozen=True, slots=True)
class Provenance:
    """What all days of one import have in common."""

    scope: str
    place: str
    """Where the archive's files lie."""

    is_simulated: bool
    registry_version: str
    started_at: datetime


@dataclass(slots=True)
class Landing:
    """Lands the days of one source."""

    lake: Lake
    order: ImportOptions
    provenance: Provenance
    folder: Path
    held: dict[date, Manifest]
    """Days of this source that the lake has."""

    partial: Collection[date] = frozenset()
    """Days that the archive does not have whole."""

    def finished(self) -> set[date]:
        """Days that need not be read again: an import of everything replaces one of tracked repositories alone."""
        return {
            day for day, manifest in self.held.items() if self.order.is_tracked_only or not manifest.is_tracked_only
        }

    def land(self, scratch: Matcher, piece: ArchiveFile, now: datetime, into: ImportResult) -> None:
        """Lands every day the scratch file holds that is not finished, oldest first."""
        for day, count, unmatched in scratch.days():
            found = scratch.of_day(day, with_unmatched=not self.order.is_tracked_only)
            into.left_out += unmatched if self.order.is_tracked_only else 0
            if not found.num_rows:
                continue
            kept_unmatched = 0 if self.order.is_tracked_only else unmatched
            names = None if self.order.is_tracked_only else scratch.new_names(day)
            duplicates = count - (unmatched - kept_unmatched) - found.num_rows
            manifest = self._written(day, found, names, piece, now, count, duplicates, kept_unmatched)
            self.lake.save_manifest(manifest)
            self.held[day] = manifest
            into.landed.append(day)
            into.rows += found.num_rows
            into.unmatched += kept_unmatched
            into.duplicates += duplicates
            if day in self.partial:
                into.partial.append(day)

    def rematch(self, scratch: Matcher) -> int:
        """Gives landed rows kept by name to repositories that have become known since; returns how many rows."""
        rows = 0
        if not scratch.has_new_matches():
            return rows
        for day, manifest in sorted(self.held.items()):
            for file in self.lake.files("model_days", [manifest]) if manifest.unmatched else []:
                found = scratch.rematch(file, day)
                if found:
                    self._replace(scratch, manifest, found)
                rows += found
        return rows

    def _replace(self, scratch: Matcher, manifest: Manifest, found: int) -> None:
        """Writes the readings of a day anew; the names it told stay where they are."""
        table = scratch.of_day(manifest.day, with_unmatched=True)
        sink = LakeWriter(self.folder)
        sink.write("model_days", table)
        self.lake.delete_manifest(manifest.crawl)
        kept = tuple(file for file in manifest.files if not file.path.startswith("model_days/"))
        landed = self.lake.add_files(*sink.close(self.lake, manifest.day, manifest.scope))
        told = replace(manifest, files=landed + kept, models=table.num_rows, unmatched=manifest.unmatched - found)
        self.lake.save_manifest(told)
        self.held[manifest.day] = told

    def _written(
        self,
        day: date,
        found: pa.Table,
        names: pa.Table | None,
        piece: ArchiveFile,
        now: datetime,
        rows_read: int,
        duplicates: int,
        unmatched: int,
    ) -> Manifest:
        """Puts the files of a day in place; it counts once what this returns is saved."""
        if day in self.held:
            self.lake.remove_crawl(self.held[day])
        sink = LakeWriter(self.folder)
        sink.write("model_days", found)
        if names is not None and names.num_rows:
            sink.write("models", _attributes(names))
        files = self.lake.add_files(*sink.close(self.lake, day, self.provenance.scope))
        is_partial = day in self.partial
        return Manifest(
            crawl=f"{day.isoformat()}-{self.provenance.scope}",
            day=day,
            scope=self.provenance.scope,
            families=(),
            source=self.order.source,
            endpoint=f"{self.provenance.place}/{piece.path}@{piece.revision}",
            started_at=self.provenance.started_at,
            ended_at=now,
            seconds=round((now - self.provenance.started_at).total_seconds(), 3),
            requests=0,
            pages=0,
            rows_read=rows_read,
            models=found.num_rows,
            duplicates=duplicates,
            refused=0,
            refused_because={},
            refused_examples=(),
            new_models=names.num_rows if names is not None else 0,
            changed_models=0,
            is_complete=not is_partial,
            incomplete_because="the archive says that it does not have this day whole" if is_partial else None,
            is_simulated=self.provenance.is_simulated,
            program_version=VERSION,
            registry_version=self.provenance.registry_version,
            files=files,
            unmatched=unmatched,
            is_tracked_only=self.order.is_tracked_only,
        )


def _attributes(names: pa.Table) -> pa.Table:
    """Rows of the lake's attributes that know a name and nothing else."""
    schema = SCHEMAS["models"]
    columns = {
        field.name: names[field.name] if field.name in names.column_names else pa.nulls(names.num_rows, field.type)
        for field in schema
    }
    return pa.table(columns).cast(schema)
