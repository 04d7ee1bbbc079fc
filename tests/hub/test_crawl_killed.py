"""A crawl killed without warning, then asked for again: hardly a request more, and the same rows."""

import subprocess
import sys
from collections import Counter
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from tests.support.slow import only
from tracker.demo.hub.server import EmbeddedHub
from tracker.domain import Manifest
from tracker.lake.lake import Lake

Row = dict[str, Any]
Landed = Callable[[Lake, str, Manifest], list[Row]]
MODELS = 7300

SCRIPT = '''
"""Crawls ENDPOINT into HOME, and at the moment called STOP says so and waits for its end."""
import sys, threading
from datetime import UTC, date, datetime
from pathlib import Path
from tracker.domain import Scope
from tracker.hub import crawl as module
from tracker.hub.client import HubClient
from tracker.hub.crawl import CrawlOptions, crawl
from tracker.lake.lake import Lake
from tracker.registry.entries import Registry

endpoint, home, stop = sys.argv[1:]


def reached(moment):
    if moment == stop:
        print("reached", flush=True)
        threading.Event().wait(100)


class Watched(Lake):
    def add_files(self, *rest):
        reached("landing")
        found = super().add_files(*rest)
        reached("landed")
        return found

    def save_manifest(self, manifest):
        path = super().save_manifest(manifest)
        reached("saved")
        return path


class Progress:
    pages, alone = 0, threading.Lock()  # at its moment the whole crawl stands still, both walkers

    def begin(self, order, plan, resumed_pages): pass

    def page(self, page, hub):
        with self.alone:
            self.pages += 1
            reached(f"page {self.pages}")

    def landing(self, pages): reached("read")

    def end(self): pass


noon = datetime(2026, 8, 19, 12, tzinfo=UTC)
registry = Registry(version="tests")
order = CrawlOptions(date(2026, 8, 19), Scope.HUB)
crawl(Watched(Path(home)), order, HubClient(endpoint, now=lambda: noon), registry, Progress(), lambda: noon)
'''


def kill_at(moment: str, endpoint: str, home: Path) -> None:
    """Runs the script until it has reached the moment, then kills it with no chance to tidy up."""
    arguments = [sys.executable, "-c", SCRIPT, endpoint, str(home), moment]
    with subprocess.Popen(arguments, stdout=subprocess.PIPE, text=True) as crawling:
        assert crawling.stdout is not None
        said = crawling.stdout.readline()
        crawling.kill()
    assert said == "reached\n"


@pytest.fixture
def served(serve: Callable[..., EmbeddedHub], make_model: Callable[..., Row]) -> EmbeddedHub:
    bases = {number: ["region:us", f"base_model:finetune:someone/model-{number - 1}"] for number in range(0, MODELS, 9)}
    return serve([make_model(number, tags=bases.get(number)) for number in range(MODELS)])


MOMENTS = [["page 1"], ["page 2"], ["page 4", "page 2"], ["page 6"], ["page 3", "read"], ["landing"], ["landed"]]


@pytest.mark.parametrize("moments", only(MOMENTS, (["page 2"], ["landing"])), ids=", then ".join)
def test_killed_at_any_moment_it_goes_on_and_lands_the_same(
    served: EmbeddedHub,
    crawls: Any,
    make_crawls: Callable[..., Any],
    landed: Landed,
    tmp_path: Path,
    moments: list[str],
) -> None:
    undisturbed = make_crawls(Lake(tmp_path / "undisturbed"), crawls.client_of, crawls.clock)
    wanted = undisturbed(served.url).manifest
    asked_for_that = len(served.requests)
    for moment in moments:
        kill_at(moment, served.url, crawls.lake.home)
        assert crawls.lake.manifests() == []
    found = crawls(served.url).manifest
    asked = Counter((request.path, request.query) for request in served.requests[asked_for_that:])
    assert sum(asked.values()) - len(asked) <= 2 * len(moments)
    assert len(asked) <= -(-MODELS // 1000) + 2
    for table in ("model_days", "models", "edges"):
        assert landed(crawls.lake, table, found) == landed(undisturbed.lake, table, wanted)
    assert (found.models, found.is_complete, found.refused) == (MODELS, True, 0)
    assert (
        crawls.lake.unfinished_runs() == crawls.lake.unlisted_files([found]) == crawls.lake.file_problems([found]) == []
    )


def test_killed_after_its_manifest_it_has_landed(served: EmbeddedHub, crawls: Any) -> None:
    kill_at("saved", served.url, crawls.lake.home)
    asked = len(served.requests)
    outcome = crawls(served.url)
    assert outcome.was_complete and outcome.manifest.models == MODELS
    assert len(served.requests) == asked
    assert crawls.lake.unfinished_runs() == []


@pytest.mark.slow
def test_pages_of_a_landed_crawl_are_not_landed_again_by_force(served: EmbeddedHub, crawls: Any) -> None:
    kill_at("saved", served.url, crawls.lake.home)
    asked = len(served.requests)
    outcome = crawls(served.url, day=date(2026, 8, 19), force=True)
    assert not outcome.was_complete
    assert len(served.requests) - asked >= MODELS // 1000
