"""Four recorded days of the real Hub, served again and crawled whole."""

import gzip
import json
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from tracker.demo.hub.server import EmbeddedHub
from tracker.demo.replay import Replay
from tracker.domain import Manifest
from tracker.lake.lake import Lake

RECORDED = Path(__file__).parents[2].parent / "shared" / "data" / "hub-2026-08"
ROWS = {date(2026, 8, 19): 11_568, date(2026, 8, 20): 12_774, date(2026, 8, 21): 13_194, date(2026, 8, 22): 15_158}

pytestmark = pytest.mark.skipif(not RECORDED.is_dir(), reason="the recorded days are not beside the project")


def downloads_in(day: date) -> tuple[int, int]:
    """Sums of both download counters over the file of `day`."""
    with gzip.open(RECORDED / f"{day}.jsonl.gz", "rt", encoding="utf-8") as lines:
        rows = [json.loads(line) for line in lines]
    return sum(row.get("downloads") or 0 for row in rows), sum(row.get("downloadsAllTime") or 0 for row in rows)


@pytest.mark.slow
def test_recorded_days_land_whole(
    crawls: Any, clock: Any, landed: Callable[[Lake, str, Manifest], list[dict[str, Any]]]
) -> None:
    with EmbeddedHub(Replay(RECORDED), day=min(ROWS), clock=clock) as served:
        for day, models in ROWS.items():
            served.day = day
            manifest = crawls(served.url, day=day).manifest
            rows = landed(crawls.lake, "model_days", manifest)
            sums = [sum(row[name] or 0 for row in rows) for name in ("downloads_30d", "downloads_all_time")]
            assert (len(rows), *sums) == (models, *downloads_in(day))
            assert (manifest.is_complete, manifest.is_simulated, manifest.refused) == (True, False, 0)
            assert manifest.requests <= -(-models // 1000) + 2
    assert [manifest.models for manifest in crawls.lake.manifests()] == list(ROWS.values())
