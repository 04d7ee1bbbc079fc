"""Where home and dataset do not agree, nothing is lost: neither side gives way unasked."""

import shutil
from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from tests.publish.conftest import REPO, Cloud
from tracker.domain import Manifest
from tracker.errors import DataError, HomeError, HubError
from tracker.lake.lake import Lake, locked

Part = Callable[..., Path]
Content = Callable[[Path], dict[str, Any]]
OCTOBER, LAST = date(2026, 10, 30), date(2026, 11, 20)


def read_again(home: Path, day: date) -> Manifest:
    """As if the home had read a day itself, later; it found no new links."""
    lake = Lake(home)
    [manifest] = [manifest for manifest in lake.manifests() if manifest.day == day]
    files = tuple(file for file in manifest.files if not file.path.startswith("edges/"))
    other = replace(manifest, started_at=manifest.started_at + timedelta(hours=2), files=files)
    lake.remove_crawl(replace(manifest, files=tuple(file for file in manifest.files if file not in files)))
    lake.save_manifest(other)
    return other


def test_a_wiped_home_does_not_wipe_the_dataset(cloud: Cloud, part: Part) -> None:
    cloud.publish(part("home"))
    head = cloud.repository.head
    wiped = part("wiped", first=LAST)
    with pytest.raises(DataError, match=rf"lacks crawls that {REPO} holds: 2026-10-26-hub, .* and 20 more"):
        cloud.publish(wiped)
    with pytest.raises(DataError, match=f"Run `tracker pull {REPO}` and `tracker build` first"):
        cloud.publish(wiped, is_forced=True)
    empty = wiped.with_name("empty")
    with pytest.raises(DataError, match="holds no crawl to publish"):
        cloud.publish(empty)
    assert cloud.repository.head == head


@pytest.mark.parametrize("day", [OCTOBER, LAST], ids=["of a passed month", "of the newest month"])
def test_of_two_readings_of_a_day_neither_gives_way_unasked(
    cloud: Cloud, part: Part, content: Content, day: date
) -> None:
    first, second = part("first"), part("second")
    read_again(second, day)
    before = content(second)
    cloud.publish(first)
    head = cloud.repository.head
    with pytest.raises(DataError, match=f"holds other readings than this home of {day}-hub"):
        cloud.publish(second)
    assert cloud.repository.head == head
    assert cloud.pull(second).kept == [f"{day}-hub"]
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


def test_imported_days_that_a_home_took_out_stay_in_the_dataset(cloud: Cloud, part: Part, content: Content) -> None:
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
    assert sent.kept == ["2026-10-27-hub-stats", "2026-10-28-hub-stats"]
    assert (sent.files, sent.gone) == ({}, [])
    land_imported(lake, date(2026, 10, 29))
    with pytest.raises(DataError, match=r"hub-stats\.parquet would have to be written anew, and this home lacks"):
        cloud.publish(home)
    cloud.pull(home)
    cloud.publish(home)
    cloud.pull(whole)
    assert content(whole) == content(home)


def land_imported(lake: Lake, day: date) -> None:
    """An imported day with the readings of our own."""
    [own] = [manifest for manifest in lake.manifests() if (manifest.day, manifest.scope) == (day, "hub")]
    [file] = [file for file in own.files if file.path.startswith("model_days/")]
    path = f"model_days/day={day}/hub-stats.parquet"
    shutil.copy(lake.folder / file.path, lake.folder / path)
    crawl = {"crawl": f"{day}-hub-stats", "scope": "hub-stats", "source": "hub-stats"}
    lake.save_manifest(replace(own, **crawl, files=(replace(file, path=path),)))


def test_who_comes_second_pulls_what_the_first_brought(cloud: Cloud, part: Part, content: Content) -> None:
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

    def overtake(text: str) -> None:
        if text.startswith("Sending"):
            cloud.on_tell = lambda text: None
            cloud.publish(other)

    cloud.on_tell = overtake
    sent = cloud.publish(one)
    assert (sent.crawls, sent.pulled) == (["2026-11-18-hub"], ["2026-11-19-hub"])
    assert cloud.crawls[-2:] == ["2026-11-18-hub", "2026-11-19-hub"]
    assert [commit.title for commit in cloud.repository.commits][-2:] == ["2026-11-19", "2026-11-18"]
    cloud.pull(other)
    assert content(one) == content(other)


def test_it_gives_up_where_the_dataset_never_stands_still(cloud: Cloud, part: Part) -> None:
    def disturb(text: str) -> None:
        if text.startswith("Sending"):
            repository = cloud.repository
            repository.add({"note.txt": str(len(repository.commits)).encode()}, "note", repository.head.date)

    cloud.on_tell = disturb
    with pytest.raises(HubError, match="changed 5 times while it was published to"):
        cloud.publish(part("home", first=LAST))
    assert "lake/crawls.jsonl" not in cloud.files and "note.txt" in cloud.files
    cloud.on_tell = lambda text: None
    cloud.publish(part("again", first=LAST))
    assert cloud.crawls == ["2026-11-20-hub"] and "note.txt" in cloud.files


def test_simulated_and_real_data_do_not_meet(cloud: Cloud, part: Part) -> None:
    cloud.publish(part("home", first=LAST))
    real = part("real", first=LAST)
    for manifest in Lake(real).manifests():
        Lake(real).save_manifest(replace(manifest, is_simulated=False))
    for act in (cloud.publish, cloud.pull):
        with pytest.raises(HomeError, match="holds real data and the dataset simulated data"):
            act(real)


@pytest.mark.parametrize("what", ["crawl", "import"])
def test_a_home_at_work_is_left_alone(cloud: Cloud, part: Part, what: str) -> None:
    home = part("home", first=LAST)
    for act in (cloud.publish, cloud.pull):
        with locked(home, what), pytest.raises(HomeError, match=f"Another `tracker {what}` is running"):
            act(home)
