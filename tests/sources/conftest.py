"""A stand-in for OpenRouter with models of known use, and readings of it into a lake."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pyarrow.parquet as pq
import pytest

from tracker.demo.hub.openrouter import OpenRouter
from tracker.demo.hub.server import EmbeddedHub
from tracker.lake import axis_days
from tracker.lake.axis_days import AxisManifest
from tracker.lake.lake import Lake
from tracker.sources.crawl import SourceResult, crawl_source
from tracker.sources.openrouter import OpenRouter as Source
from tracker.sources.openrouter.source import SERVICE

Row = dict[str, Any]


@dataclass
class Tokens:
    """Sixty models, the first of which is used most, and more from day to day."""

    repositories: dict[str, str] = field(
        default_factory=lambda: {
            "deepseek/deepseek-v3.2": "deepseek-ai/DeepSeek-V3.2",
            "qwen/qwen3-8b": "Qwen/Qwen3-8B",
        }
    )

    def tokens_on(self, day: date) -> dict[str, int]:
        named = ["deepseek/deepseek-v3.2-20250929:free", "qwen/qwen3-8b", *(f"maker/model-{n}" for n in range(58))]
        return {slug: (len(named) - place) * day.toordinal() * 1000 for place, slug in enumerate(named)}


@dataclass
class Readings:
    """Readings of one stand-in into one lake."""

    lake: Lake
    hub: EmbeddedHub
    openrouter: OpenRouter
    client: Callable[..., Any]

    def __call__(self, day: date, *, key: str | None = None, **more: Any) -> SourceResult:
        client = self.client(self.hub.url, service=SERVICE)
        keyed = self.client(self.hub.url, service=SERVICE, token=lambda: key) if key else None
        return crawl_source(
            self.lake, Source(client, keyed), day, lambda: datetime(2026, 8, 19, 12, tzinfo=UTC), **more
        )

    def rows(self, manifest: AxisManifest) -> list[Row]:
        [file] = axis_days.files(self.lake, [manifest])
        rows: list[Row] = pq.ParquetFile(file).read().to_pylist()
        return rows

    @property
    def landed(self) -> list[str]:
        return [manifest.crawl for manifest in axis_days.manifests(self.lake)]


@pytest.fixture
def readings(serve: Callable[..., EmbeddedHub], make_catalog: Any, lake: Lake, client: Callable[..., Any]) -> Readings:
    """The stand-in serves 19 August 2026, and four days after it once its day is set."""
    openrouter = OpenRouter(Tokens())
    days = {date(2026, 8, 19) + timedelta(days=n): [] for n in range(5)}
    hub = serve(make_catalog(days), day=date(2026, 8, 19), openrouter=openrouter)
    return Readings(lake, hub, openrouter, client)
