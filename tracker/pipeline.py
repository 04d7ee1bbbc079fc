"""The two steps of the product, crawl and build, with their settings checked."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from tracker.config import Settings
from tracker.domain import Axis
from tracker.errors import HubError, SettingsError
from tracker.hub.client import HubClient, token_source
from tracker.hub.crawl import CrawlOptions, CrawlResult, Progress, crawl
from tracker.lake.lake import Lake
from tracker.registry.entries import Registry

if TYPE_CHECKING:
    from tracker.sources.crawl import SourceResult
    from tracker.sources.source import Source
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
    _refuse_endpoint("HF_ENDPOINT", settings.endpoint)
    if settings.is_offline:
        raise HubError(
            f"HF_HUB_OFFLINE is set, so no request was sent to {settings.endpoint}. Unset it to crawl, or run "
            "`tracker demo`, which needs no network."
        )
    hub = HubClient(settings.endpoint, token=token_source(settings.names_token), now=now, on_wait=on_wait)
    return crawl(Lake(settings.home), order, hub, registry, progress, now)


def read_source(
    settings: Settings,
    axis: Axis,
    day: date,
    registry: Registry,
    now: Callable[[], datetime],
    *,
    force: bool = False,
    is_today: bool = True,
    on_wait: Callable[[str], None] = lambda text: None,
) -> SourceResult:
    """Read another ruler into the home. Raises what `crawl_source` raises, and HubError when offline."""
    from tracker.hub.listing import is_on_this_machine
    from tracker.sources.crawl import crawl_source

    if settings.is_offline:
        raise HubError(f"HF_HUB_OFFLINE is set, so no request was sent to read {axis}. Unset it to crawl.")
    source = _source(settings, axis, registry, partial(HubClient, now=now, on_wait=on_wait))
    checks_day = is_today or not is_on_this_machine(source.clients[0].endpoint)
    return crawl_source(Lake(settings.home), source, day, now, force=force, checks_day=checks_day)


def _source(settings: Settings, axis: Axis, registry: Registry, client: Callable[..., HubClient]) -> Source:
    from tracker.sources.modelscope import source as modelscope
    from tracker.sources.openrouter import source as openrouter
    from tracker.sources.providers import Providers

    if axis is Axis.PROVIDERS:
        _refuse_endpoint("HF_ENDPOINT", settings.endpoint)
        return Providers(client(settings.endpoint, token=token_source(settings.names_token)), registry)
    if axis is Axis.MODELSCOPE:
        endpoint = settings.modelscope_endpoint
        _refuse_endpoint("MODELSCOPE_ENDPOINT", endpoint)
        paced = client(endpoint, service=modelscope.SERVICE, pause_seconds=modelscope.PAUSE_SECONDS)
        return modelscope.ModelScope(paced, registry)
    endpoint, key = settings.openrouter_endpoint, settings.openrouter_key
    _refuse_endpoint("OPENROUTER_ENDPOINT", endpoint)
    keyed = client(endpoint, service=openrouter.SERVICE, token=lambda: key) if key else None
    return openrouter.OpenRouter(client(endpoint, service=openrouter.SERVICE), keyed)


def _refuse_endpoint(setting: str, endpoint: str) -> None:
    if not endpoint.startswith(("http://", "https://")):
        raise SettingsError(f"{setting} is {endpoint!r}; it must begin with https:// or http://.")


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
