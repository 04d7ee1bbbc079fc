"""Home and dataset disagree: no data is lost or replaced without --force."""

import shutil
from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from tests.publish.conftest import REPO, Cloud
from tests.support.slow import first_of
from tracker.domain import Manifest
from tracker.errors import DataError, HomeError, HubError
from tracker.lake.lake import Lake, locked

Part = Callable[..., Path]
Content = Callable[[Path], dict[str, Any]]
OCTOBER, LAST = date(2026, 10, 30), date(2026, 11, 20)


def read_again(home: Path, day: date) -> Manifest:
    """Replace a day by one that the home read itself, two hours later and without new links."""
    lake = Lake(home)
    [manifest] = [manifest for manifest in lake.manifests() if manifest.day == day]
    files = tuple(file for file in manifest.files if not file.path.startswith("edges/"))
    other = replace(manifest, started_at=manifest.started_at + timedelta(hours=2), files=files)
    lake.remove_crawl(replace(manifest, files=tuple(file for file in manifest.files if file not in files)))
    lake.save_manifest(other)
    return other


@pytest.mark.slow
def test_wiped_home_does_not_wipe_the_dataset(cloud: Cloud, part: Part) -> None:
    cloud.publish(part("home"))
    head = cloud.repository.head
    wiped = part("wiped", first=LAST)
    with pytest.raises(
        DataError, match=rf"{REPO} has crawls that this home does not have: 2026-10-26-hub, .* and 20 more"
    ):
        cloud.publish(wiped)
    with pytest.raises(DataError, match=f"Run `tracker pull {REPO}` and `tracker build`, then publish"):
        cloud.publish(wiped, is_forced=True)
    empty = wiped.with_name("empty")
    with pytest.raises(DataError, match="has no crawl to publish"):
        cloud.publish(empty)
    assert cloud.repository.head == head


@pytest.mark.parametrize("day", first_of([LAST, OCTOBER]), ids=["newest month", "past month"])
def test_different_readings_need_force_to_be_replaced(cloud: Cloud, part: Part, content: Content, day: date) -> None:
    first, second = part("first"), part("second")
    read_again(second, day)
    before = content(second)
    cloud.publish(first)
    head = cloud.repository.head
    with pytest.raises(DataError, match=f"and this home have different readings of {day}-hub"):
        cloud.publish(second)
    assert cloud.repository.head == head
    assert cloud.pull(second).not_replaced == [f"{day}-hub"]
    assert content(second) == before

    third = Path(shutil.copytree(second, second.with_name("third")))
    assert cloud.pull(third, is_forced=True).landed == [f"{day}-hub"]
    assert content(third) == content(first)

    sent = cloud.publish(second, is_forced=True)
    assert sent.crawls == [f"{day}-hub"]
    assert content(second) == before
    cloud.pull(first, is_forced=True)
    assert content(first) == before
    assert not any(f"edges/day={day}" in path for path in cloud.files)


@pytest.mark.slow
def test_removed_imports_stay_in_the_dataset(cloud: Cloud, part: Part, content: Content) -> None:
    home = part("home")
    lake = Lake(home)
    for day in (date(2026, 10, 27), date(2026, 10, 28)):
        land_imported(lake, day)
    cloud.publish(home)
    whole = Path(shutil.copytree(home, home.with_name("whole")))
    for manifest in lake.manifests():
        if manifest.source == "hub-stats":
            lake.remove_crawl(manifest)
    sent = cloud.publish(home)
    assert sent.only_in_dataset == ["2026-10-27-hub-stats", "2026-10-28-hub-stats"]
    assert (sent.files, sent.removed) == ({}, [])
    land_imported(lake, date(2026, 10, 29))
    with pytest.raises(DataError, match=r"hub-stats\.parquet has to be written again, but this home lacks"):
        cloud.publish(home)
    cloud.pull(home)
    cloud.publish(home)
    cloud.pull(whole)
    assert content(whole) == content(home)


def land_imported(lake: Lake, day: date) -> None:
    """Land an imported day with the readings of the home's own crawl."""
    [own] = [manifest for manifest in lake.manifests() if (manifest.day, manifest.scope) == (day, "hub")]
    [file] = [file for file in own.files if file.path.startswith("model_days/")]
    path = f"model_days/day={day}/hub-stats.parquet"
    shutil.copy(lake.folder / file.path, lake.folder / path)
    crawl = {"crawl": f"{day}-hub-stats", "scope": "hub-stats", "source": "hub-stats"}
    lake.save_manifest(replace(own, **crawl, files=(replace(file, path=path),)))


@pytest.mark.slow
def test_second_publisher_pulls_the_first_ones_crawls(cloud: Cloud, part: Part, content: Content) -> None:
    cloud.publish(part("start", last=date(2026, 11, 17)))
    one, other, whole = part("one", last=date(2026, 11, 18)), part("other", last=date(2026, 11, 17)), part("whole")
    lake = Lake(other)
    for manifest in Lake(whole).manifests():
        if manifest.day == date(2026, 11, 19):
            for file in manifest.files:
                target = lake.folder / file.path
                target.parent.mkdir(parents=True, exist_ok=True)
                shutil.copy(Lake(whole).folder / file.path, target)
            lake.save_manifest(manifest)

    def overtake(line: str) -> None:
        if line.startswith("Sending"):
            cloud.on_progress = lambda line: None
            cloud.publish(other)

    cloud.on_progress = overtake
    sent = cloud.publish(one)
    assert (sent.crawls, sent.pulled) == (["2026-11-18-hub"], ["2026-11-19-hub"])
    assert cloud.crawls[-2:] == ["2026-11-18-hub", "2026-11-19-hub"]
    assert [commit.title for commit in cloud.repository.commits][-2:] == ["2026-11-19", "2026-11-18"]
    cloud.pull(other)
    assert content(one) == content(other)


def test_publish_gives_up_after_five_concurrent_commits(cloud: Cloud, part: Part) -> None:
    def disturb(line: str) -> None:
        if line.startswith("Sending"):
            repository = cloud.repository
            repository.add({"note.txt": str(len(repository.commits)).encode()}, "note", repository.head.date)

    cloud.on_progress = disturb
    with pytest.raises(HubError, match="changed 5 times during this publish"):
        cloud.publish(part("home", first=LAST))
    assert "lake/crawls.jsonl" not in cloud.files and "note.txt" in cloud.files
    cloud.on_progress = lambda line: None
    cloud.publish(part("again", first=LAST))
    assert cloud.crawls == ["2026-11-20-hub"] and "note.txt" in cloud.files


def test_simulated_and_real_data_are_not_mixed(cloud: Cloud, part: Part) -> None:
    cloud.publish(part("home", first=LAST))
    real = part("real", first=LAST)
    for manifest in Lake(real).manifests():
        Lake(real).save_manifest(replace(manifest, is_simulated=False))
    for act in (cloud.publish, cloud.pull):
        with pytest.raises(HomeError, match="has real data and the dataset simulated data"):
            act(real)


@pytest.mark.parametrize("what", ["crawl", "import"])
def test_locked_home_is_refused(cloud: Cloud, part: Part, what: str) -> None:
    home = part("home", first=LAST)
    for act in (cloud.publish, cloud.pull):
        with locked(home, what), pytest.raises(HomeError, match=f"Another `tracker {what}` is running"):
            act(home)
