"""`tracker crawl --source`: other rulers, and that a failing one harms no other."""

from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path
from typing import Any

from tests.sources.conftest import Tokens
from tracker.demo.hub.faults import Fault, FaultKind
from tracker.demo.hub.openrouter import OpenRouter
from tracker.lake import axis_days
from tracker.lake.lake import Lake

DAY = ("--day", "2026-08-19")


def test_openrouter_is_read_once_a_day_without_a_token(
    tmp_path: Path, tracker: Callable[..., Any], hub_of: Callable[..., Any], listing: Sequence[Any]
) -> None:
    hub, home = hub_of(listing, openrouter=OpenRouter(Tokens())), ("--home", tmp_path / "home")
    read = ("crawl", "--source", "openrouter", *DAY, *home)
    done = tracker(*read, OPENROUTER_ENDPOINT=hub.url, HF_TOKEN="hf_secret")
    assert (done.code, done.err) == (0, "")
    assert done.out.startswith(
        "2026-08-19-openrouter: 1,530 rows of 51 entries, 2026-07-20 to 2026-08-18, from 3 requests"
    )
    assert "Source: OpenRouter (openrouter.ai/rankings), as of 2026-08-19" in done.out
    assert {record.authorization for record in hub.requests} == {None}
    assert "was already complete" in tracker(*read, OPENROUTER_ENDPOINT=hub.url).out
    refused = tracker(*read, "--max-requests", "2", OPENROUTER_ENDPOINT=hub.url)
    assert (refused.code, "only work with --source huggingface" in refused.err) == (2, True)


def test_failed_source_harms_no_other(
    tmp_path: Path, tracker: Callable[..., Any], hub_of: Callable[..., Any], listing: Sequence[Any]
) -> None:
    hub, home = hub_of(listing, openrouter=OpenRouter(Tokens())), tmp_path / "home"
    every = ("crawl", "--source", "all", "--scope", "hub", *DAY, "--home", home)
    endpoints = {name: hub.url for name in ("HF_ENDPOINT", "OPENROUTER_ENDPOINT", "MODELSCOPE_ENDPOINT")}
    hub.faults.add(Fault(FaultKind.STATUS, "exports", status=403))
    done = tracker(*every, **endpoints)
    assert done.code == 10
    assert "refused with status 403" in done.err.splitlines()[-1] and "OPENROUTER_API_KEY" in done.err
    assert "refused with status 404" in done.err  # this Hub has no stand-in for ModelScope
    assert "the answer has no rows" in done.err  # nobody serves its models
    assert [manifest.crawl for manifest in Lake(home).manifests()] == ["2026-08-19-hub"]
    hub.faults.add(Fault(FaultKind.STATUS, "/api/models", status=403))
    again = tracker(*every, "--force", **endpoints)
    assert (again.code, "check HF_TOKEN" in again.err) == (10, True)
    assert [manifest.day for manifest in axis_days.manifests(Lake(home))] == [date(2026, 8, 19)]
