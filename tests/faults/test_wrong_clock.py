"""Wrong clocks: readings are filed under the day of the Hub's clock, or not at all."""

from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest

from tests.faults.conftest import NEXT, content, sentence
from tracker.domain import Manifest, Scope
from tracker.errors import SettingsError
from tracker.hub.crawl import CrawlOptions, crawl
from tracker.lake.lake import Lake

Run = Callable[..., Any]
DAY = date(2026, 8, 19)


def test_crawl_is_refused_on_another_day_of_the_hub(
    tmp_path: Path, hub_of: Run, make_catalog: Run, crawl: Run, listing: list[Any]
) -> None:
    hub = hub_of(make_catalog({NEXT: listing}, is_simulated=False))
    done = crawl(tmp_path / "home", hub, day=None)
    assert (done.code, done.out) == (12, "")
    said = sentence(done.err)
    assert said.startswith("The Hub's clock says 2026-08-20 12:00 UTC, so its counters must not be")
    assert "Set this machine's clock, or give the day with --day." in said
    assert not list((tmp_path / "home").rglob("*.parquet"))
    assert crawl(tmp_path / "home", hub, day=NEXT).code == 0


def test_future_day_is_refused_without_a_request(own: Path, next_day: Run, crawl: Run) -> None:
    before, hub = content(own), next_day([])
    done = crawl(own, hub, day=date(2100, 1, 1))
    assert (done.code, done.out, hub.requests, content(own)) == (12, "", [], before)
    assert sentence(done.err).startswith("2100-01-01 is in the future (now ")


MOMENTS = [  # hours from the noon of the day, hours that a page takes
    (-12.2, 0.0, True),
    (-12.3, 0.0, False),
    (12.2, 0.0, True),
    (12.3, 0.0, False),
    (11.9, 5.9, True),
    (11.9, 6.3, False),
]


@pytest.mark.parametrize(("begins", "lasts", "lands"), MOMENTS)
def test_crawl_may_start_early_and_end_after_midnight(
    serve: Run,
    crawls: Any,
    clock: Any,
    make_catalog: Run,
    make_model: Run,
    make_registry: Run,
    make_progress: Run,
    begins: float,
    lasts: float,
    lands: bool,
) -> None:
    rows = [make_model(number, id=f"a/{number}") for number in range(1001)]
    hub = serve(make_catalog({DAY: rows}, is_simulated=False), clock=clock)
    clock.seconds += begins * 3600
    crawls.registry = make_registry("a")

    def on_page(page: Any) -> None:
        clock.seconds += lasts * 3600

    def read() -> Manifest:
        told = {"scope": Scope.LABS, "progress": make_progress(on_page), "is_today": True}
        manifest: Manifest = crawls(hub.url, **told).manifest
        return manifest

    if lands:
        assert read().models == 1001
        return
    with pytest.raises(SettingsError, match=f"must not be stored as those of {DAY}"):
        read()
    assert crawls.lake.manifests() == []
    assert len(crawls.lake.unfinished_runs()) == (1 if lasts else 0)


def test_local_clock_may_jump_during_a_crawl(
    serve: Run,
    client: Run,
    lake: Lake,
    make_model: Run,
    make_registry: Run,
    make_progress: Run,
    landed: Run,
) -> None:
    ours = iter(datetime(year, 1, 1, tzinfo=UTC) for year in (2031, 1999))
    hub = serve([make_model(number) for number in range(3)])
    order = CrawlOptions(DAY, Scope.HUB)
    manifest = crawl(lake, order, client(hub.url), make_registry(), make_progress(), lambda: next(ours)).manifest
    assert (manifest.day, manifest.seconds >= 0) == (DAY, True)
    assert {row["read_at"].date() for row in landed(lake, "model_days", manifest)} == {DAY}
