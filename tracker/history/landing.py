"""Write matched rows to the lake: one partition and one manifest a day, each written whole or not at all."""

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import date, datetime
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc

from tracker.domain import Manifest
from tracker.history.matching import Matcher
from tracker.history.types import ArchiveFile, ImportOptions, ImportResult
from tracker.lake.lake import Lake
from tracker.lake.writer import SCHEMAS, LakeWriter
from tracker.version import VERSION


@dataclass(frozen=True, slots=True)
class Provenance:
    """What the manifests of one import have in common."""

    scope: str
    location: str
    """Where the archive's files are."""

    is_simulated: bool
    registry_version: str
    started_at: datetime


@dataclass(slots=True)
class Landing:
    """Lands the days of one source."""

    lake: Lake
    options: ImportOptions
    provenance: Provenance
    folder: Path
    landed: dict[date, Manifest]
    """Manifests of this source in the lake, by day."""

    partial: Collection[date] = frozenset()
    """Days that the archive marks as incomplete."""

    def finished_days(self) -> set[date]:
        """Return days that need no further import; tracked-only days count only for a tracked-only import."""
        return {
            day for day, manifest in self.landed.items() if self.options.is_tracked_only or not manifest.is_tracked_only
        }

    def land(self, matcher: Matcher, file: ArchiveFile, now: datetime, result: ImportResult) -> None:
        """Land every matched day, oldest first, and add it to `result`."""
        is_tracked_only = self.options.is_tracked_only
        for day, count, untracked in matcher.days():
            table = matcher.rows_of(day, with_unmatched=not is_tracked_only)
            skipped = untracked if is_tracked_only else 0
            result.untracked_rows += skipped
            if not table.num_rows:
                continue
            names = None if is_tracked_only else matcher.new_names(day)
            duplicates = count - skipped - table.num_rows
            manifest = self._write(day, table, names, file, now, count, duplicates)
            self.lake.save_manifest(manifest)
            self.landed[day] = manifest
            result.landed.append(day)
            result.rows += table.num_rows
            result.unmatched += manifest.unmatched
            result.duplicates += duplicates
            if day in self.partial:
                result.partial.append(day)

    def rematch(self, matcher: Matcher) -> int:
        """Match rows stored by name to repositories crawled since then; return how many rows match."""
        total = 0
        if not matcher.has_new_matches():
            return total
        for day, manifest in sorted(self.landed.items()):
            for file in self.lake.files("model_days", [manifest]) if manifest.unmatched else []:
                matches = matcher.rematch(file, day)
                if matches:
                    self._replace(matcher, manifest)
                total += matches
        return total

    def _replace(self, matcher: Matcher, manifest: Manifest) -> None:
        """Rewrite the readings of a day. Its file of names does not change."""
        table = matcher.rows_of(manifest.day, with_unmatched=True)
        writer = LakeWriter(self.folder)
        writer.write("model_days", table)
        self.lake.delete_manifest(manifest.crawl)
        unchanged = tuple(file for file in manifest.files if not file.path.startswith("model_days/"))
        written = self.lake.add_files(*writer.close(self.lake, manifest.day, manifest.scope))
        replacement = replace(
            manifest,
            files=written + unchanged,
            models=table.num_rows,
            duplicates=manifest.duplicates + manifest.models - table.num_rows,
            unmatched=_unmatched(table),
        )
        self.lake.save_manifest(replacement)
        self.landed[manifest.day] = replacement

    def _write(
        self,
        day: date,
        table: pa.Table,
        names: pa.Table | None,
        file: ArchiveFile,
        now: datetime,
        rows_read: int,
        duplicates: int,
    ) -> Manifest:
        """Write the files of a day and return their manifest. The day has landed once the manifest is saved."""
        if day in self.landed:
            self.lake.remove_crawl(self.landed[day])
        writer = LakeWriter(self.folder)
        writer.write("model_days", table)
        if names is not None and names.num_rows:
            writer.write("models", _attributes(names))
        files = self.lake.add_files(*writer.close(self.lake, day, self.provenance.scope))
        is_partial = day in self.partial
        return Manifest(
            crawl=f"{day.isoformat()}-{self.provenance.scope}",
            day=day,
            scope=self.provenance.scope,
            families=(),
            source=self.options.source,
            endpoint=f"{self.provenance.location}/{file.path}@{file.revision}",
            started_at=self.provenance.started_at,
            ended_at=now,
            seconds=round((now - self.provenance.started_at).total_seconds(), 3),
            requests=0,
            pages=0,
            rows_read=rows_read,
            models=table.num_rows,
            duplicates=duplicates,
            refused=0,
            refused_because={},
            refused_examples=(),
            new_models=names.num_rows if names is not None else 0,
            changed_models=0,
            is_complete=not is_partial,
            incomplete_because="the archive marks this day as incomplete" if is_partial else None,
            is_simulated=self.provenance.is_simulated,
            program_version=VERSION,
            registry_version=self.provenance.registry_version,
            files=files,
            unmatched=_unmatched(table),
            is_tracked_only=self.options.is_tracked_only,
        )


def _unmatched(readings: pa.Table) -> int:
    """The number of readings that belong to no repository of the lake."""
    return int(pc.sum(pc.starts_with(readings["hub_id"], "name:")).as_py() or 0)


def _attributes(names: pa.Table) -> pa.Table:
    """Rows of the lake's `models` table in which only the id and the name are known."""
    schema = SCHEMAS["models"]
    columns = {
        field.name: names[field.name] if field.name in names.column_names else pa.nulls(names.num_rows, field.type)
        for field in schema
    }
    return pa.table(columns).cast(schema)
