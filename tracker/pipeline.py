"""The steps of the product put together: crawl, build, and both for every day of an embedded Hub."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from tracker.config import Settings
from tracker.demo.catalog import Catalog
from tracker.domain import Scope
from tracker.errors import HubError, SettingsError
from tracker.hub.client import HubClient, token_source
from tracker.hub.crawl import CrawlOptions, CrawlResult, Progress, crawl
from tracker.lake.lake import Lake
from tracker.progress import NoProgress
from tracker.registry.entries import Registry

if TYPE_CHECKING:
    from tracker.warehouse.build import BuildOptions, BuildResult

DEMO_QUOTA = 1_000_000
"""Requests per window the demo's Hub allows: waiting would only cost the viewer's time."""


def crawl_hub(
    settings: Settings, order: CrawlOptions, registry: Registry, progress: Progress, now: Callable[[], datetime]
) -> CrawlResult:
    """Reads the Hub of the settings into their home. Raises what `crawl` raises, and HubError when offline."""
    if not settings.endpoint.startswith(("http://", "https://")):
        raise SettingsError(f"HF_ENDPOINT is {settings.endpoint!r}; it must begin with https:// or http://.")
    if settings.is_offline:
        raise HubError(
            f"HF_HUB_OFFLINE is set, so {settings.endpoint} was not asked. Unset it to crawl, or run `tracker demo`, "
            "which needs no network."
        )
    hub = HubClient(settings.endpoint, token=token_source(settings.names_token), now=now)
    return crawl(Lake(settings.home), order, hub, registry, progress, now)


def crawl_catalog(
    catalog: Catalog, home: Path, registry: Registry, now: Callable[[], datetime], on_day: Callable[[CrawlResult], None]
) -> None:
    """Serves every day of `catalog` from an embedded Hub and reads it with the real crawler, scope hub."""
    from tracker.demo.hub.server import EmbeddedHub  # here, so that a crawl does not pay for a web server

    with EmbeddedHub(catalog, day=catalog.days[0], quota=DEMO_QUOTA) as server:
        for day in catalog.days:
            server.day = day
            hub = HubClient(server.url, now=now)
            on_day(crawl(Lake(home), CrawlOptions(day, Scope.HUB), hub, registry, NoProgress(), now))


def build_home(
    home: Path,
    registry: Registry,
    now: datetime,
    on_step: Callable[[str], None] = lambda step: None,
    options: BuildOptions | None = None,
    on_plan: Callable[[str], None] = lambda message: None,
) -> BuildResult:
    """Build the warehouse of a home."""
    from tracker.warehouse.build import build  # here, so that a crawl does not pay for it

    return build(Lake(home), registry, now, on_step, options, on_plan)
