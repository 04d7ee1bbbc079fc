"""Listings read to their ends: how many requests, which rows, and what stops a walk."""

import math
import threading
from collections import Counter
from collections.abc import Callable
from contextlib import closing
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from tests.support.slow import first_of
from tracker.demo.hub.faults import Fault, FaultKind
from tracker.demo.hub.server import EmbeddedHub
from tracker.domain import Manifest, Page
from tracker.errors import DataError, HubError
from tracker.hub.client import HubClient
from tracker.hub.spool import Spool
from tracker.hub.walk import NEWEST_FIRST, OLDEST_FIRST, Crawler, Sweep, Walk
from tracker.lake.lake import Lake

Row = dict[str, Any]
Landed = Callable[[Lake, str, Manifest], list[Row]]
UP, DOWN = "direction=1&", "direction=-1&"


@pytest.fixture(scope="session")
def many(make_model: Callable[..., Row]) -> list[Row]:
    """More than five pages of models."""
    return [make_model(number, tags=["region:us"]) for number in range(5300)]


def ids(rows: list[Row], name: str = "hub_id") -> list[str]:
    return [row[name] for row in rows]


@pytest.mark.parametrize("models", first_of([1, 1000, 1001, 5300, 2, 999, 1999, 2000, 2001, 2500, 3000, 3999], 4))
def test_walk_needs_hardly_more_requests_than_pages(
    serve: Callable[..., EmbeddedHub], crawls: Any, landed: Landed, many: list[Row], models: int
) -> None:
    served = serve(many[:models])
    manifest = crawls(served.url).manifest
    assert len(served.requests) <= math.ceil(models / 1000) + 2
    assert ids(landed(crawls.lake, "model_days", manifest)) == ids(many[:models], "_id")
    assert (manifest.is_complete, manifest.models, manifest.refused) == (True, models, 0)
    assert manifest.rows_read == models + manifest.duplicates
    assert manifest.requests == manifest.pages == len(served.requests)


def test_empty_hub_is_no_complete_listing(serve: Callable[..., EmbeddedHub], crawls: Any, landed: Landed) -> None:
    served = serve()
    manifest = crawls(served.url).manifest
    assert len(served.requests) <= 2
    assert (manifest.is_complete, manifest.incomplete_because) == (False, "the listing is empty")
    assert (manifest.models, manifest.files) == (0, ())


@pytest.mark.parametrize("side", [UP, DOWN])
@pytest.mark.parametrize("pages_before", [0, 1])
def test_early_end_on_one_side_is_read_from_the_other(
    serve: Callable[..., EmbeddedHub],
    crawls: Any,
    landed: Landed,
    many: list[Row],
    make_progress: Callable[..., Any],
    side: str,
    pages_before: int,
) -> None:
    served = serve(many)
    served.faults.add(Fault(FaultKind.END, path_contains=side, after=pages_before))
    has_ended = threading.Event()

    def hold_the_other_side(page: Page) -> None:
        if page.walk != {UP: OLDEST_FIRST, DOWN: NEWEST_FIRST}[side]:
            assert has_ended.wait(60)
        elif not served.faults.pending:
            has_ended.set()

    progress = make_progress(hold_the_other_side)
    manifest = crawls(served.url, progress=progress).manifest
    assert manifest.is_complete
    assert ids(landed(crawls.lake, "model_days", manifest)) == ids(many, "_id")
    assert len(served.requests) <= 6 + 2
    assert not served.faults.pending


def test_early_end_on_both_sides_lands_as_incomplete(
    serve: Callable[..., EmbeddedHub], crawls: Any, landed: Landed, many: list[Row], make_id: Callable[[int], str]
) -> None:
    served = serve(many)
    served.faults.add(*(Fault(FaultKind.END, path_contains=side, after=1) for side in (UP, DOWN)))
    manifest = crawls(served.url).manifest
    assert not manifest.is_complete
    assert manifest.incomplete_because == (
        f"the listing ended early: nothing was read between ids {make_id(1999)} and {make_id(3300)}"
    )
    assert ids(landed(crawls.lake, "model_days", manifest)) == ids(many[:2000] + many[3300:], "_id")


@pytest.mark.parametrize("change_after", first_of([2, 1, 3, 5]))
def test_changes_during_a_walk_cost_no_other_row(
    serve: Callable[..., EmbeddedHub],
    crawls: Any,
    landed: Landed,
    many: list[Row],
    make_catalog: Callable[..., Any],
    make_progress: Callable[..., Any],
    change_after: int,
) -> None:
    before, gone = many[:4600], {many[1500]["_id"], many[3100]["_id"]}
    after = [row for row in many if row["_id"] not in gone]
    catalog = make_catalog({(day := serve().day): before})
    served = serve(catalog)

    def change(page: Any) -> None:
        if len(progress.pages) == change_after:
            catalog.rows = {day: after}
            served.day = day

    progress = make_progress(change)
    manifest = crawls(served.url, progress=progress).manifest
    found = ids(landed(crawls.lake, "model_days", manifest))
    assert manifest.is_complete
    assert len(found) == len(set(found))
    assert {row["_id"] for row in before} - gone <= set(found) <= {row["_id"] for row in many}


def test_walk_stops_at_its_request_budget_and_goes_on_later(
    serve: Callable[..., EmbeddedHub], crawls: Any, landed: Landed, many: list[Row]
) -> None:
    served = serve(many)
    for run in range(1, 3):
        with pytest.raises(DataError, match=r"Stopped after 2 requests \(--max-requests\).*run the same command"):
            crawls(served.url, max_requests=2)
        assert len(served.requests) <= 2 * run
    assert crawls.lake.manifests() == []
    manifest = crawls(served.url, max_requests=2).manifest
    assert manifest.is_complete
    assert ids(landed(crawls.lake, "model_days", manifest)) == ids(many, "_id")
    assert len(served.requests) == 6
    assert max(Counter(request.query for request in served.requests).values()) == 1


@pytest.mark.parametrize("allowed", first_of([2, 1, 3, 5]))
def test_never_asks_more_often_than_allowed(
    serve: Callable[..., EmbeddedHub], crawls: Any, many: list[Row], allowed: int
) -> None:
    served = serve(many)
    with pytest.raises(DataError):
        crawls(served.url, max_requests=allowed)
    assert len(served.requests) <= allowed


def test_pages_before_a_refusal_are_not_requested_again(
    serve: Callable[..., EmbeddedHub], crawls: Any, landed: Landed, many: list[Row]
) -> None:
    served = serve(many)
    served.faults.add(Fault(FaultKind.STATUS, status=403, path_contains=DOWN, after=1))
    with pytest.raises(HubError, match="status 403"):
        crawls(served.url)
    answered = [request.query for request in served.requests if request.status == 200]
    manifest = crawls(served.url).manifest
    assert ids(landed(crawls.lake, "model_days", manifest)) == ids(many, "_id")
    again = Counter(request.query for request in served.requests if request.status == 200)
    assert all(again[query] == 1 for query in answered)


def test_reads_all_walks_it_is_given_two_at_a_time(
    serve: Callable[..., EmbeddedHub], client: Callable[..., Any], lake: Lake, make_model: Callable[..., Row]
) -> None:
    served = serve([make_model(number, id=f"org-{number % 30}/m{number}") for number in range(90)])
    spool = Spool(lake.runs / "x")
    names = [f"author=org-{number}" for number in range(30)]
    walks = [Walk(name, f"{served.url}/api/models?{name}") for name in names]
    Crawler(client(served.url), spool).run(walks)
    Crawler(client(served.url), spool).run(walks)
    spool.close()
    assert {page.walk: page.rows for page in spool.pages()} == dict.fromkeys(names, 3)
    assert len(served.requests) == 30


def test_new_walk_has_no_gap_and_has_not_met(lake: Lake) -> None:
    sweep = Sweep(Spool(lake.runs / "x"))
    assert (sweep.has_met(), sweep.gap()) == (False, None)


class _Circling(BaseHTTPRequestHandler):
    """A Hub whose every page names itself as the next."""

    def do_GET(self) -> None:
        self.send_response(200)
        self.send_header("Link", f'<http://{self.headers["Host"]}{self.path}>; rel="next"')
        self.send_header("Content-Length", "2")
        self.end_headers()
        self.wfile.write(b"[]")

    def log_message(self, format: str, *args: Any) -> None:
        """Says nothing."""


def test_listing_that_links_back_to_itself_is_refused(client: Callable[..., HubClient], tmp_path: Path) -> None:
    with ThreadingHTTPServer(("127.0.0.1", 0), _Circling) as server, closing(Spool(tmp_path / "run")) as spool:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        url = f"http://127.0.0.1:{server.server_port}"
        with pytest.raises(HubError, match="would never end"):
            Crawler(client(url), spool).run([Walk("around", f"{url}/api/models")])
        server.shutdown()
