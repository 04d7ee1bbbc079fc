"""Exact text of the reports of crawls and builds."""

from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from tracker.domain import Manifest
from tracker.hub.crawl import CrawlResult
from tracker.messages import build_lines, crawl_line
from tracker.warehouse.build import BuildResult, Finding
from tracker.warehouse.sql_files import Check

LANDED = Manifest(
    crawl="2026-08-19-hub",
    day=date(2026, 8, 19),
    scope="hub",
    families=(),
    source="crawl",
    endpoint="http://hub",
    started_at=datetime(2026, 8, 19, 6, tzinfo=UTC),
    ended_at=datetime(2026, 8, 19, 7, 5, tzinfo=UTC),
    seconds=1234.56,
    requests=3301,
    pages=3300,
    rows_read=3_300_012,
    models=3_300_000,
    duplicates=2,
    refused=0,
    refused_because={},
    refused_examples=(),
    new_models=1_000,
    changed_models=20,
    is_complete=True,
    incomplete_because=None,
    is_simulated=False,
    program_version="0",
    registry_version="0",
)
REFUSED = {"no id": 1_200, "likes is no number": 3}
CRAWLS = [
    (
        CrawlResult(LANDED, was_complete=False),
        "2026-08-19-hub: 3,300,000 models (1,000 new, 20 changed) from 3,300 pages in 1,234.6 s.",
    ),
    (
        CrawlResult(replace(LANDED, refused=1_203, refused_because=REFUSED), was_complete=False),
        "2026-08-19-hub: 3,300,000 models (1,000 new, 20 changed) from 3,300 pages in 1,234.6 s, "
        "1,203 rows refused (no id: 1,200; likes is no number: 3).",
    ),
    (
        CrawlResult(LANDED, was_complete=True),
        "2026-08-19-hub was already complete (3,300,000 models, 2026-08-19 07:05 UTC); "
        "no request was sent. Use --force to read it again.",
    ),
]


@pytest.mark.parametrize(("outcome", "line"), CRAWLS, ids=["done", "refused", "old"])
def test_crawl_line(outcome: CrawlResult, line: str) -> None:
    assert crawl_line(outcome) == line


FAILS = Finding(Check("a__holds", "A holds.", True, "", frozenset()), 1_200, ("x 1, y 2", "x 3, y 4"))
WARNS = Finding(Check("b__holds", "B holds.", False, "", frozenset()), 1, ("z 1",))
BUILDS = [
    (BuildResult(Path("h/t"), 1_000, 2_000, (), ()), ["h/t: 1,000 days, 2,000 models."]),
    (
        BuildResult(Path("h/t"), 1, 2, (WARNS,), (Path("lake/x"),)),
        [
            "warning: b__holds: 1 rows break: B holds.",
            "  z 1",
            "warning: lake/x belongs to no crawl; it is ignored",
            "h/t: 1 days, 2 models.",
        ],
    ),
    (
        BuildResult(Path("h/t"), 1, 2, (FAILS, WARNS), ()),
        [
            "FAILED: a__holds: 1,200 rows break: A holds.",
            "  x 1, y 2",
            "  x 3, y 4",
            "warning: b__holds: 1 rows break: B holds.",
            "  z 1",
        ],
    ),
]


@pytest.mark.parametrize(("built", "lines"), BUILDS, ids=["good", "warned", "failed"])
def test_build_lines(built: BuildResult, lines: list[str]) -> None:
    assert list(build_lines(built)) == lines
