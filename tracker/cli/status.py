"""What is in a home, in words: days by scope, gaps, the last crawl, failed checks, sizes."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path

from tracker.database import rows
from tracker.domain import CRAWL, Manifest
from tracker.lake.lake import Lake
from tracker.sql.query import opened
from tracker.warehouse.build import FAILED, FILE


def status(lake: Lake) -> list[str]:
    """Lines that say what the home holds and what is wrong with it. Raises HomeError for a damaged manifest."""
    manifests = lake.manifests()
    said = [f"Home {lake.home.resolve()}"]
    if not manifests:
        said.append("No crawl has landed yet. Run `tracker up`, or `tracker demo` for simulated data.")
    if any(manifest.is_simulated for manifest in manifests):
        said.append("The data are SIMULATED.")
    for scope in sorted({manifest.scope for manifest in manifests}):
        said.extend(_scope(scope, [manifest for manifest in manifests if manifest.scope == scope]))
    crawled = [manifest for manifest in manifests if manifest.source == CRAWL]
    if crawled:
        last = max(crawled, key=lambda manifest: (manifest.ended_at, manifest.day))
        said.append(
            f"Last crawl: {last.crawl}, {last.models:,} models in {last.pages:,} pages, {last.refused:,} rows refused, "
            f"{last.seconds:,.0f} s, ended {last.ended_at:%Y-%m-%d %H:%M} UTC"
        )
    for folder in lake.unfinished():
        said.append(f"Unfinished: {folder}; the same command goes on from there")
    said.extend(lake.damages(manifests))
    said.extend(f"{path} is named by no crawl; it is not read" for path in lake.strangers(manifests))
    said.append(f"Lake: {_size(lake.folder)}")
    said.extend(_warehouse(lake.home))
    return said


def missing_days(days: list[date]) -> list[date]:
    """Days between the first and the last of `days` that are not among them."""
    have = {day.toordinal() for day in days}
    return [date.fromordinal(n) for n in range(min(have), max(have)) if n not in have] if have else []


def _scope(scope: str, manifests: list[Manifest]) -> Iterator[str]:
    days = sorted(manifest.day for manifest in manifests)
    is_imported = manifests[0].source != CRAWL
    what = "Import" if is_imported else "Scope"
    yield f"{what} {scope}: {len(days):,} days, {days[0]} to {days[-1]}, {manifests[-1].models:,} models on the last"
    if gaps := [] if is_imported else missing_days(days):
        listed = ", ".join(str(day) for day in gaps[:10])
        yield f"  {len(gaps):,} days missing: {listed}{', ...' if len(gaps) > 10 else ''}"
    for manifest in manifests:
        if not manifest.is_complete:
            yield f"  {manifest.day} is partial and not used in sums: {manifest.incomplete_because}"


def _warehouse(home: Path) -> Iterator[str]:
    path = home / FILE
    if not path.exists():
        yield "Warehouse: none yet; run `tracker build`"
    else:
        with opened(path) as connection:
            [(built_at, last_day)] = rows(
                connection, "select strftime(built_at, '%Y-%m-%d %H:%M UTC'), last_day from build"
            )
            findings = rows(
                connection, "select severity, check_name, claim, rows from check_findings order by severity, 2"
            )
        yield f"Warehouse: {path}, {path.stat().st_size / 1e6:,.1f} MB, built {built_at}, last day {last_day}"
        for severity, name, claim, count in findings:
            yield f"  {severity}: {name}: {count:,} rows break: {claim}"
    if (home / FAILED).exists():
        yield f"A build failed its checks and was set aside as {home / FAILED}"


def _size(folder: Path) -> str:
    files = [path for path in folder.rglob("*") if path.is_file()]
    return f"{len(files):,} files, {sum(path.stat().st_size for path in files) / 1e6:,.1f} MB"
