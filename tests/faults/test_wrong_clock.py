"""Clocks that are wrong: a reading goes under the day that the Hub's own clock tells, or nowhere."""

from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest

from tests.faults.conftest import NEXT, content, sentence
from tracker.domain import Manifest, Scope
from tracker.errors import SettingsError
from tracker.hub.crawl import Order, crawl
from tracker.lake import Lake

Run = Callable[..., Any]
DAY = date(2026, 8, 19)


@pytest.mark.parametrize(
    "day",
    [
        pytest.param(date(2026, 8, 25), id="a day to come", marks=pytest.mark.slow),
        pytest.param(date(2026, 8, 1), id="before the last day"),
        pytest.param(None, id="our own today"),
    ],
)
def test_a_crawl_of_another_day_than_the_hubs_is_refused(
    own: Path, next_day: Run, crawl: Run, listing: list[Any], day: date | None
) -> None:
    before, hub = content(own), next_day(listing)
    done = crawl(own, hub, day=day)
    assert (done.code, done.out) == (12, "")
    said = sentence(done.err)
    assert said.startswith("The Hub's clock says 2026-08-20 12:00 UTC: its counters are of that day and must not be")
    assert "Leave out --day, or set this machine's clock." in said
    assert {name: found for name, found in content(own).items() if name != ".crawl.lock"} == {
        name: found for name, found in before.items() if name != ".crawl.lock"
    }


MOMENTS = [  # hours from the noon of the day, hours that a page takes
    (-12.2, 0.0, True),
    (-12.3, 0.0, False),
    (12.2, 0.0, True),
    (12.3, 0.0, False),
    (11.9, 5.9, True),
    (11.9, 6.3, False),
]


@pytest.mark.parametrize(("begins", "lasts", "lands"), MOMENTS)
def test_a_crawl_may_begin_about_its_day_and_go_on_into_the_night(
    serve: Run,
    crawls: Any,
    clock: Any,
    make_model: Run,
    make_registry: Run,
    make_progress: Run,
    begins: float,
    lasts: float,
    lands: bool,
) -> None:
    hub = serve([make_model(number, id=f"a/{number}") for number in range(1001)], clock=clock)
    clock.seconds += begins * 3600
    crawls.registry = make_registry("a")

    def on_page(page: Any) -> None:
        clock.seconds += lasts * 3600

    def read() -> Manifest:
        manifest: Manifest = crawls(hub.url, scope=Scope.LABS, progress=make_progress(on_page)).manifest
        return manifest

    if lands:
        assert read().models == 1001
        return
    with pytest.raises(SettingsError, match=f"must not be filed under {DAY}"):
        read()
    assert crawls.lake.manifests() == []
    assert len(crawls.lake.unfinished()) == (1 if lasts else 0)


def test_our_clock_may_jump_in_mid_crawl(
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
    order = Order(DAY, Scope.HUB)
    manifest = crawl(lake, order, client(hub.url), make_registry(), make_progress(), lambda: next(ours)).manifest
    assert (manifest.day, manifest.seconds >= 0) == (DAY, True)
    assert {row["read_at"].date() for row in landed(lake, "model_days", manifest)} == {DAY}


def test_a_page_of_the_day_after_stops_a_crawl_and_what_was_read_stays(
    own: Path, hub_of: Run, make_catalog: Run, crawl: Run, listing: list[Any]
) -> None:
    after = date(2026, 8, 21)
    hub = hub_of(make_catalog({NEXT: listing, after: listing}), day=NEXT)
    assert crawl(own, hub, "--max-requests", "1").code == 11
    before, hub.day = content(own), after
    done = crawl(own, hub)
    assert done.code == 12
    assert "must not be filed under 2026-08-20" in sentence(done.err)
    kept = {name: found for name, found in content(own).items() if not name.endswith("journal.jsonl")}
    assert kept == {name: found for name, found in before.items() if not name.endswith("journal.jsonl")}
    assert crawl(own, hub, day=after).code == 0
