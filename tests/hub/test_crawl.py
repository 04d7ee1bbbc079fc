"""One crawl from its order to its manifest: what it leaves alone, reads again, refuses, and says."""

import os
from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest

from tracker.demo.hub.faults import Fault, FaultKind
from tracker.demo.hub.server import EmbeddedHub
from tracker.domain import Manifest, Scope
from tracker.errors import DataError, HomeError, HubError, SettingsError
from tracker.lake.lake import Lake, locked

Row = dict[str, Any]
Landed = Callable[[Lake, str, Manifest], list[Row]]
FIRST, SECOND = date(2026, 8, 19), date(2026, 8, 20)


@pytest.fixture
def few(make_model: Callable[..., Row]) -> list[Row]:
    return [make_model(number) for number in range(20)]


def everything(lake: Lake) -> dict[str, tuple[bytes, int]]:
    """Content and time of change of every file of a home, locks left out."""
    return {
        str(path.relative_to(lake.home)): (path.read_bytes(), path.stat().st_mtime_ns)
        for path in sorted(lake.home.rglob("*"))
        if path.is_file() and not path.name.endswith(".lock")
    }


def test_manifest_describes_the_crawl(
    serve: Callable[..., EmbeddedHub], crawls: Any, few: list[Row], make_progress: Callable[..., Any]
) -> None:
    served = serve(few)
    progress = make_progress()
    outcome = crawls(served.url, progress=progress)
    told = outcome.manifest
    assert not outcome.was_complete
    assert (told.crawl, told.day, told.scope, told.families) == ("2026-08-19-hub", FIRST, "hub", ())
    assert (told.source, told.endpoint, told.is_simulated) == ("crawl", served.url, True)
    assert (told.models, told.new_models, told.changed_models, told.refused) == (20, 20, 0, 0)
    assert (told.is_complete, told.incomplete_because) == (True, None)
    assert told.started_at == told.ended_at == datetime(2026, 8, 19, 12, tzinfo=UTC)
    assert told.registry_version == "tests"
    assert [file.path for file in told.files] == [
        f"{table}/day=2026-08-19/hub.parquet" for table in ("model_days", "models")
    ]
    assert crawls.lake.manifest("2026-08-19-hub") == told
    assert (
        crawls.lake.file_problems([told]) == [] == crawls.lake.unlisted_files([told]) == crawls.lake.unfinished_runs()
    )
    assert (progress.landings, progress.ends, progress.resumed_pages) == (1, 1, [0])
    assert len(progress.pages) == told.pages


def test_finished_day_is_left_alone(serve: Callable[..., EmbeddedHub], crawls: Any, few: list[Row]) -> None:
    served = serve(few)
    first = crawls(served.url)
    before, asked = everything(crawls.lake), len(served.requests)
    again = crawls(served.url)
    assert again.was_complete and again.manifest == first.manifest
    assert everything(crawls.lake) == before
    assert len(served.requests) == asked


def test_force_reads_a_finished_day_again(
    serve: Callable[..., EmbeddedHub], crawls: Any, landed: Landed, few: list[Row]
) -> None:
    crawls(serve(few).url)
    changed = [row | {"downloads": 7} for row in few[:15]]
    again = crawls(serve(changed).url, force=True)
    assert not again.was_complete
    assert [row["downloads_30d"] for row in landed(crawls.lake, "model_days", again.manifest)] == [7] * 15
    assert crawls.lake.manifests() == [again.manifest]
    assert len(landed(crawls.lake, "models", again.manifest)) == 15


def test_two_scopes_of_a_day_coexist(
    serve: Callable[..., EmbeddedHub], crawls: Any, few: list[Row], make_registry: Callable[..., Any]
) -> None:
    crawls.registry = make_registry("someone", "nobody")
    served = serve(few)
    crawls(served.url, scope=Scope.LABS)
    crawls(served.url, scope=Scope.HUB)
    assert [(told.scope, told.models) for told in crawls.lake.manifests()] == [("hub", 20), ("labs", 20)]
    asked = sorted(request.query.split("&")[0] for request in served.requests[:2])
    assert asked == ["author=nobody", "author=someone"]


def test_incomplete_day_is_read_again_without_force(
    serve: Callable[..., EmbeddedHub], crawls: Any, landed: Landed, make_model: Callable[..., Row]
) -> None:
    rows = [make_model(number) for number in range(3100)]
    served = serve(rows)
    served.faults.add(
        Fault(FaultKind.END, path_contains="direction=1&"), Fault(FaultKind.END, path_contains="direction=-1&")
    )
    first = crawls(served.url)
    assert not first.manifest.is_complete and first.manifest.models == 2000
    second = crawls(served.url)
    assert not second.was_complete and second.manifest.is_complete
    assert len(landed(crawls.lake, "model_days", second.manifest)) == 3100
    assert crawls(served.url).was_complete


@pytest.mark.parametrize(("models", "because"), [(10, None), (9, "shrank to 9 models, less than half of the 20 of")])
def test_listing_below_half_of_the_last_is_incomplete(
    serve: Callable[..., EmbeddedHub],
    crawls: Any,
    make_catalog: Callable[..., Any],
    few: list[Row],
    models: int,
    because: str | None,
) -> None:
    crawls(serve(few).url)
    told = crawls(serve(make_catalog({SECOND: few[:models]})).url, day=SECOND).manifest
    assert told.models == models
    assert told.is_complete is (because is None)
    assert (because or "") in (told.incomplete_because or "")


def test_incomplete_listing_sets_no_measure_for_the_next(
    serve: Callable[..., EmbeddedHub], crawls: Any, make_catalog: Callable[..., Any], few: list[Row]
) -> None:
    third = date(2026, 8, 21)
    crawls(serve(few).url)
    crawls(serve(make_catalog({SECOND: few[:5]})).url, day=SECOND)
    told = crawls(serve(make_catalog({third: few[:5]})).url, day=third).manifest
    assert "of the 20 of 2026-08-19" in (told.incomplete_because or "")


@pytest.mark.parametrize("simulated_first", [True, False])
def test_simulated_and_real_data_do_not_mix(
    serve: Callable[..., EmbeddedHub],
    crawls: Any,
    few: list[Row],
    make_catalog: Callable[..., Any],
    make_model: Callable[..., Row],
    simulated_first: bool,
) -> None:
    crawls(serve(make_catalog({FIRST: few}, is_simulated=simulated_first)).url)
    before = everything(crawls.lake)
    many = [make_model(number) for number in range(9000)]
    other = serve(make_catalog({FIRST: many}, is_simulated=not simulated_first))
    with pytest.raises(HomeError, match=r"they must not mix\. Nothing was added to the lake\. Use another --home"):
        crawls(other.url, day=SECOND)
    kept = {name: found for name, found in everything(crawls.lake).items() if name.startswith("lake/")}
    assert kept == before
    assert len(other.requests) <= 4


def test_home_in_use_is_refused(serve: Callable[..., EmbeddedHub], crawls: Any, few: list[Row]) -> None:
    served = serve(few)
    with (
        locked(crawls.lake.home, "crawl"),
        pytest.raises(HomeError, match="Another `tracker crawl` is running") as caught,
    ):
        crawls(served.url)
    assert caught.value.exit_code == 13
    assert served.requests == []
    assert crawls(served.url).manifest.is_complete


@pytest.mark.parametrize("damage", ["gone", "cut", "emptied"])
def test_damage_to_an_earlier_day_stops_a_crawl_before_it_asks(
    serve: Callable[..., EmbeddedHub], crawls: Any, few: list[Row], damage: str
) -> None:
    served = serve(few)
    told = crawls(served.url).manifest
    (path, *_) = crawls.lake.files("models", [told])
    if damage == "gone":
        path.unlink()
    else:
        os.truncate(path, 0 if damage == "emptied" else path.stat().st_size // 2)
    before, asked = everything(crawls.lake), len(served.requests)
    for order in ({"day": SECOND}, {"day": FIRST}):
        with pytest.raises(HomeError, match="Nothing was changed") as caught:
            crawls(served.url, **order)
        assert str(path) in str(caught.value)
    assert (everything(crawls.lake), len(served.requests)) == (before, asked)
    assert crawls(served.url, day=FIRST, force=True).manifest.models == 20
    assert crawls.lake.file_problems(crawls.lake.manifests()) == []


def test_damage_that_leaves_the_size_is_named_when_it_is_met(
    serve: Callable[..., EmbeddedHub], crawls: Any, make_catalog: Callable[..., Any], make_model: Callable[..., Row]
) -> None:
    rows = [make_model(number) for number in range(1500)]
    served = serve(make_catalog({FIRST: rows, SECOND: rows}), day=FIRST)
    told = crawls(served.url).manifest
    served.day = SECOND
    (path, *_) = crawls.lake.files("models", [told])
    content = path.read_bytes()
    path.write_bytes(content[:4] + bytes(byte ^ 0x5A for byte in content[4:-600]) + content[-600:])
    with pytest.raises(HomeError, match="does not hold what crawl 2026-08-19-hub wrote") as caught:
        crawls(served.url, day=SECOND)
    assert str(path) in str(caught.value)
    path.write_bytes(content)
    asked = len(served.requests)
    again = crawls(served.url, day=SECOND).manifest
    assert (again.models, again.new_models, len(served.requests)) == (1500, 0, asked)


def test_foreign_file_in_the_lake_is_left_alone(
    serve: Callable[..., EmbeddedHub], crawls: Any, landed: Landed, few: list[Row]
) -> None:
    foreign = crawls.lake.folder / "models" / "day=2026-08-18" / "mine.parquet"
    foreign.parent.mkdir(parents=True)
    foreign.write_bytes(b"PAR1 of somebody else")
    told = crawls(serve(few).url).manifest
    assert told.new_models == 20
    assert foreign.read_bytes() == b"PAR1 of somebody else"
    assert crawls.lake.unlisted_files([told]) == [foreign]


def test_interrupted_crawl_of_another_endpoint_is_named(
    serve: Callable[..., EmbeddedHub], crawls: Any, few: list[Row]
) -> None:
    served, other = serve(few), serve(few)
    with pytest.raises(DataError, match="--max-requests"):
        crawls(served.url, max_requests=1)
    with pytest.raises(HomeError, match="holds pages of an interrupted crawl of") as caught:
        crawls(other.url)
    assert served.url in str(caught.value) and other.url in str(caught.value)
    assert other.requests == []
    assert crawls(served.url).manifest.is_complete


def test_unknown_family_leaves_nothing_behind(serve: Callable[..., EmbeddedHub], crawls: Any, few: list[Row]) -> None:
    served = serve(few)
    for families in ((), ("unheard-of",)):
        with pytest.raises(SettingsError, match="known families"):
            crawls(served.url, scope=Scope.FAMILIES, families=families)
    assert (served.requests, crawls.lake.unfinished_runs()) == ([], [])


def test_progress_ends_even_when_the_crawl_fails(
    serve: Callable[..., EmbeddedHub], crawls: Any, few: list[Row], make_progress: Callable[..., Any]
) -> None:
    served = serve(few)
    served.faults.add(Fault(FaultKind.STATUS, status=401, times=9))
    progress = make_progress()
    with pytest.raises(HubError):
        crawls(served.url, progress=progress)
    assert (progress.landings, progress.ends) == (0, 1)


def test_home_that_cannot_be_created_is_named(serve: Callable[..., EmbeddedHub], crawls: Any, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    crawls.lake = Lake(tmp_path / "file")
    with pytest.raises(HomeError, match=r"file cannot be written .*Use another --home"):
        crawls(serve().url)


def test_seconds_add_up_over_interrupted_runs(
    serve: Callable[..., EmbeddedHub], crawls: Any, clock: Any, make_model: Callable[..., Row]
) -> None:
    served = serve([make_model(number) for number in range(3500)])
    served.faults.add(
        Fault(FaultKind.STATUS, status=503, retry_after="50"), Fault(FaultKind.STATUS, status=403, after=2)
    )
    with pytest.raises(HubError):
        crawls(served.url)
    told = crawls(served.url).manifest
    assert told.is_complete
    assert told.seconds == sum(clock.slept) == 50.0
