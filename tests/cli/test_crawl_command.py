"""`tracker crawl` and `tracker build` as processes, with a local Hub and without one."""

import json
import re
from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from tracker.lake.lake import locked

DAY = ("--day", "2026-08-19")
Run = Callable[..., Any]


def test_crawl_and_build_answer_a_query(
    tmp_path: Path, tracker: Run, hub_of: Callable[..., Any], listing: Sequence[Any]
) -> None:
    hub, home = hub_of(listing), ("--home", tmp_path / "home")
    done = tracker("crawl", "--scope", "hub", *DAY, *home, HF_ENDPOINT=hub.url)
    assert done.code == 0
    assert done.out.startswith("2026-08-19-hub: 12 models (12 new, 0 changed) from 2 pages in ")
    assert done.err.startswith("Reading scope hub for 2026-08-19: about 3,300 requests, at least 35 minutes at 500 ")

    asked = len(hub.requests)
    again = tracker("crawl", "--scope", "hub", *DAY, *home, HF_ENDPOINT=hub.url)
    assert (again.code, again.err) == (0, "")
    assert again.out.startswith("2026-08-19-hub was already complete (12 models, ")
    assert len(hub.requests) == asked

    built = tracker("build", *home)
    assert (built.code, built.out) == (0, f"{tmp_path}/home/tracker.duckdb: 1 days, 12 models.\n")
    assert built.err == (
        "Full refresh: there is no earlier warehouse. The warehouse is a single file: fewer than 5,000,000 model-days "
        "(--slim changes this).\n"
    )
    assert tracker("build", *home).err == "Incremental build: no new day since 2026-08-19.\n"
    assert tracker("build", "--full", *home).err == "Full refresh: --full was given.\n"
    query = "select publisher_origin, layer, count(*) as models from models where models.hub_id < ? group by all"
    query = query.replace("?", f"'{listing[5]['_id']}'") + " order by all"
    rows = json.loads(tracker("sql", query, "--format", "json", *home).out)
    assert [tuple(row.values()) for row in rows] == [
        ("CN", "release", 1),
        ("US", "release", 1),
        ("US", "repackaged", 1),
        ("unaffiliated", "derivative", 1),
        ("unaffiliated", "other", 1),
    ]


def test_crawl_over_its_request_budget_resumes(
    tmp_path: Path, tracker: Run, hub_of: Callable[..., Any], listing: Sequence[Any]
) -> None:
    hub, home = hub_of(listing), ("--home", tmp_path / "home")
    stopped = tracker("crawl", "--scope", "hub", *DAY, *home, "--max-requests", "1", HF_ENDPOINT=hub.url)
    assert (stopped.code, stopped.out, len(hub.requests)) == (11, "", 1)
    assert "--max-requests" in stopped.err and "Traceback" not in stopped.err
    assert "Unfinished: " in tracker("status", *home).out

    done = tracker("crawl", "--scope", "hub", *DAY, *home, HF_ENDPOINT=hub.url)
    assert (done.code, len(hub.requests)) == (0, 2)
    assert done.out.startswith("2026-08-19-hub: 12 models (12 new, 0 changed) from 2 pages in ")
    assert "Resuming: 1 pages were read before." in done.err


@pytest.mark.slow
def test_shrunken_listing_lands_as_partial_and_exits_with_11(
    tmp_path: Path,
    tracker: Run,
    hub_of: Callable[..., Any],
    make_catalog: Callable[..., Any],
    listing: Sequence[Any],
) -> None:
    home = ("--home", tmp_path / "home", "--scope", "hub")
    before = hub_of(make_catalog({date(2026, 8, 18): listing}))
    assert tracker("crawl", "--day", "2026-08-18", *home, HF_ENDPOINT=before.url).code == 0
    done = tracker("crawl", *DAY, *home, HF_ENDPOINT=hub_of(listing[:5]).url)
    assert done.code == 11
    assert done.out.startswith("2026-08-19-hub: 5 models (0 new, 0 changed) from 2 pages in ")
    assert done.err.splitlines()[-1] == (
        "tracker: 2026-08-19-hub landed as partial: the listing shrank to 5 models, less than half of the 12 of "
        "2026-08-18. It is left out of sums; run the same command again to replace it."
    )
    built = tracker("build", *home[:2])
    assert built.code == 0
    assert "warning: crawls__read_whole_listings: 1 rows break: Every crawl read a complete listing." in built.out


@pytest.mark.slow
def test_invalid_memory_limit_is_a_usage_error(
    tmp_path: Path, tracker: Run, hub_of: Callable[..., Any], listing: Sequence[Any]
) -> None:
    home = ("--home", tmp_path / "home")
    tracker("crawl", "--scope", "hub", *DAY, *home, HF_ENDPOINT=hub_of(listing).url)
    done = tracker("build", "--memory", "much", *home)
    assert (done.code, done.out) == (2, "")
    assert done.err.splitlines()[-1] == "tracker: --memory much is not a size. Give one such as 4GB or 50%."
    assert tracker("build", "--memory", "1GB", *home).code == 0


@pytest.mark.slow
def test_unreachable_hub_exits_with_10_and_suggests_the_demo(tmp_path: Path, tracker: Run) -> None:
    done = tracker("up", "--no-browser", "--home", tmp_path / "home", HF_ENDPOINT="http://127.0.0.1:9")
    assert (done.code, done.out) == (10, "")
    announced, *errors = done.err.splitlines()
    assert announced.startswith("Reading scope labs for ")
    assert errors == [
        "tracker: Could not reach http://127.0.0.1:9 (connection refused; tried 3 times). Check the network, set "
        "HF_ENDPOINT if you use a mirror, or run `tracker demo`, which needs no network."
    ]


REFUSED = [
    (
        {"HF_HUB_OFFLINE": "1"}, [], 10,
        "tracker: HF_HUB_OFFLINE is set, so no request was sent to http://127.0.0.1:9. Unset it to crawl, or run",
    ),
    ({"HF_ENDPOINT": "huggingface.co"}, [], 12, "tracker: HF_ENDPOINT is 'huggingface.co'; it must begin with https://"),
    ({}, ["--registry", "nowhere"], 12, "tracker: nowhere: no such folder; give the folder that holds your registry"),
    ({"TRACKER_REGISTRY": "nowhere"}, [], 12, "tracker: nowhere: no such folder"),
    ({}, ["--scope", "families"], 12, "tracker: --scope families needs at least one --family; known families: "),
    ({}, ["--scope", "families", "--family", "x"], 12, "tracker: --family x: the registry has no such family; known"),
    ({}, ["--home", "/dev/null/home"], 13, "tracker: /dev/null/home cannot be written"),
]  # fmt: skip


@pytest.mark.parametrize(("environ", "arguments", "code", "message"), REFUSED)
def test_crawl_that_cannot_start_sends_no_request(
    tracker: Run, environ: dict[str, str], arguments: list[str], code: int, message: str
) -> None:
    done = tracker("crawl", *arguments, **({"HF_ENDPOINT": "http://127.0.0.1:9"} | environ))
    assert (done.code, done.out) == (code, "")
    assert done.err.startswith(message) and done.err.count("\n") == 1


@pytest.mark.parametrize("verb", ["crawl", "build"])
def test_locked_home_exits_with_13(own: Path, tracker: Run, verb: str) -> None:
    with locked(own, verb):
        done = tracker(verb, "--home", own, HF_ENDPOINT="http://127.0.0.1:9")
    assert (done.code, done.out) == (13, "")
    assert done.err.startswith(f"tracker: Another `tracker {verb}` is running on {own}. Wait for it to end, or use")


def test_real_and_simulated_data_are_not_mixed(
    own: Path, tracker: Run, hub_of: Callable[..., Any], make_catalog: Callable[..., Any], listing: Sequence[Any]
) -> None:
    real = hub_of(make_catalog({date(2026, 8, 20): listing}, is_simulated=False))
    done = tracker("crawl", "--scope", "hub", "--day", "2026-08-20", "--home", own, HF_ENDPOINT=real.url)
    assert (done.code, done.out) == (13, "")
    assert "holds simulated data" in done.err and "they must not mix" in done.err


@pytest.mark.parametrize(
    "command", [["crawl"], ["crawl", "--source", "openrouter"], ["import", "model-pulse"]], ids=" ".join
)
def test_real_hub_is_refused_before_the_first_request(own: Path, tracker: Run, command: list[str]) -> None:
    elsewhere = {"HF_ENDPOINT": "https://hub.invalid", "OPENROUTER_ENDPOINT": "https://hub.invalid"}
    done = tracker(*command, "--home", own, **elsewhere)
    assert (done.code, done.out) == (13, "")
    assert "and https://hub.invalid:443 serves real data; they must not mix. No request was sent." in done.err
    assert done.err.count("\n") == 1


def test_build_of_an_empty_home_exits_with_11(tmp_path: Path, tracker: Run) -> None:
    done = tracker("build", "--home", tmp_path / "none")
    assert (done.code, done.out) == (11, "")
    assert done.err.startswith(f"tracker: There is nothing to build from in {tmp_path}/none: no crawl has landed.")


def test_build_of_a_damaged_home_exits_with_13(own: Path, tracker: Run) -> None:
    file = next((own / "lake" / "models").rglob("*.parquet"))
    file.write_bytes(file.read_bytes()[:-1])
    done = tracker("build", "--home", own)
    assert (done.code, done.out) == (13, "")
    assert done.err.startswith(f"tracker: {file} has ") and "Nothing was changed." in done.err


def test_failed_check_exits_with_11_and_keeps_the_warehouse(own: Path, tracker: Run) -> None:
    before = (own / "tracker.duckdb").read_bytes()
    for file in (own / "lake" / "crawls").glob("2026-08-18-*.json"):
        told = json.loads(file.read_text())
        told["files"] = [part for part in told["files"] if not part["path"].startswith("models/")]
        file.write_text(json.dumps(told))
    done = tracker("build", "--home", own)
    assert done.code == 11
    assert re.match(r"FAILED: adoption_days__loses_no_download: \d+ rows break: The readings and downloads", done.out)
    assert done.err.splitlines() == [
        "Full refresh: crawl 2026-08-18-hub was replaced.",
        "tracker: A check failed, so the previous warehouse was kept. The new one is in tracker.failed.duckdb.",
    ]
    assert (own / "tracker.duckdb").read_bytes() == before and (own / "tracker.failed.duckdb").exists()


def test_family_option_needs_the_family_scope(tmp_path: Path, tracker: Run) -> None:
    done = tracker("crawl", "--family", "qwen", "--home", tmp_path / "home")
    assert (done.code, done.out) == (2, "")
    assert done.err == "tracker: --family only works with --scope families, not with --scope labs.\n"
    assert not (tmp_path / "home").exists()
