"""Reports of crawls and builds for the terminal."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from tracker.hub.crawl import CrawlResult

if TYPE_CHECKING:
    from tracker.sources.crawl import SourceResult
    from tracker.warehouse.build import BuildResult


def crawl_line(outcome: CrawlResult) -> str:
    """The report of a crawl, one sentence."""
    landed = outcome.manifest
    if outcome.was_complete:
        return (
            f"{landed.crawl} was already complete ({landed.models:,} models, {landed.ended_at:%Y-%m-%d %H:%M} UTC); "
            "no request was sent. Use --force to read it again."
        )
    refused = f", {landed.refused:,} rows refused ({_reasons(landed.refused_because)})" if landed.refused else ""
    silent = [name for name in ("downloads", "downloadsAllTime", "likes") if landed.told.get(name) == 0]
    unknown = f"; no model has {', '.join(silent)}" if silent and landed.models else ""
    return (
        f"{landed.crawl}: {landed.models:,} models ({landed.new_models:,} new, {landed.changed_models:,} changed) from "
        f"{landed.pages:,} pages in {landed.seconds:,.1f} s{refused}{unknown}."
    )


def source_line(outcome: SourceResult) -> str:
    """The report of a reading of another ruler, one sentence."""
    landed = outcome.manifest
    if outcome.was_complete:
        return (
            f"{landed.crawl} was already complete ({landed.rows:,} rows, {landed.ended_at:%Y-%m-%d %H:%M} UTC); "
            "no request was sent. Use --force to read it again."
        )
    refused = f", {landed.refused:,} rows refused ({_reasons(landed.refused_because)})" if landed.refused else ""
    days = str(landed.first_day) if landed.first_day == landed.last_day else f"{landed.first_day} to {landed.last_day}"
    return (
        f"{landed.crawl}: {landed.rows:,} rows of {landed.entities:,} entries, {days}, from {landed.requests:,} "
        f"requests in {landed.seconds:,.1f} s{refused}. {landed.attribution}"
    )


def build_lines(built: BuildResult) -> Iterator[str]:
    """The report of a build: failed checks, ignored files, and its size."""
    for finding in built.findings:
        severity = "FAILED" if finding.check.fails else "warning"
        yield f"{severity}: {finding.check.name}: {finding.rows:,} rows break: {finding.check.claim}"
        yield from (f"  {example}" for example in finding.examples)
    for path in built.unlisted_files:
        yield f"warning: {path} belongs to no crawl; it is ignored"
    if not built.has_failed:
        yield f"{built.path}: {built.days:,} days, {built.models:,} models."


def _reasons(because: dict[str, int]) -> str:
    return "; ".join(f"{reason}: {count:,}" for reason, count in because.items())
