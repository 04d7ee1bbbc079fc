"""The two steps of the product, crawl and build, with their settings checked."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from tracker.config import Settings
from tracker.errors import HubError, SettingsError
from tracker.hub.client import HubClient, token_source
from tracker.hub.crawl import CrawlOptions, CrawlResult, Progress, crawl
from tracker.lake.lake import Lake
from tracker.registry.entries import Registry

if TYPE_CHECKING:
    from tracker.warehouse.build import BuildOptions, BuildResult


def crawl_hub(
    settings: Settings,
    order: CrawlOptions,
    registry: Registry,
    progress: Progress,
    now: Callable[[], datetime],
    on_wait: Callable[[str], None] = lambda text: None,
) -> CrawlResult:
    """Read the Hub into the home. Raises what `crawl` raises, and HubError when offline."""
    if not settings.endpoint.startswith(("http://", "https://")):
        raise SettingsError(f"HF_ENDPOINT is {settings.endpoint!r}; it must begin with https:// or http://.")
    if settings.is_offline:
        raise HubError(
            f"HF_HUB_OFFLINE is set, so no request was sent to {settings.endpoint}. Unset it to crawl, or run "
            "`tracker demo`, which needs no network."
        )
    hub = HubClient(settings.endpoint, token=token_source(settings.names_token), now=now, on_wait=on_wait)
    return crawl(Lake(settings.home), order, hub, registry, progress, now)


def build_home(
    home: Path,
    registry: Registry,
    now: datetime,
    on_step: Callable[[str], None] = lambda step: None,
    options: BuildOptions | None = None,
    on_plan: Callable[[str], None] = lambda message: None,
) -> BuildResult:
    """Build the warehouse of a home. Raises what `build` raises."""
    from tracker.warehouse.build import build  # imported here: a crawl does not need it

    return build(Lake(home), registry, now, on_step, options, on_plan)
