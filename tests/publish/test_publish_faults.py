"""Faults of Hub, network and power during publish and pull: a clear error, no loss, and the next run completes."""

import io
import os
import subprocess
import sys
import time
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from tests.publish.conftest import REPO, Cloud
from tests.support.slow import slow
from tracker.cli.publish import pull_lines
from tracker.demo.hub.faults import Fault, FaultKind
from tracker.errors import DataError, HomeError, HubError
from tracker.lake.lake import Lake

Part = Callable[..., Path]
Content = Callable[[Path], dict[str, Any]]
FIRST, LAST = date(2026, 10, 30), date(2026, 11, 3)
BUSY = r"is too busy for ada/data \(status 503\)\. The dataset is intact\. Run the same command again"
TOKEN = r"no access to it \(status 40[13]\)\. (Check that HF_TOKEN is valid and may|The Hub did not accept the token)"
INTACT = "The dataset is intact. Run the same command again"


@pytest.mark.parametrize(
    ("fault", "message"),
    [
        (Fault(FaultKind.STATUS, "/commit/", status=413), f"answers with status 413. {INTACT}"),
        slow(Fault(FaultKind.STATUS, "/storage/", status=413), f"answers with status 413. {INTACT}"),
        slow(Fault(FaultKind.STATUS, "/preupload/", status=413), f"answers with status 413. {INTACT}"),
        slow(Fault(FaultKind.STATUS, "/commit/", status=503, times=4), BUSY),
        slow(Fault(FaultKind.STATUS, "/commit/", status=429, reset_seconds=9, times=4), r"too busy .* \(status 429\)"),
        (Fault(FaultKind.STATUS, "", status=401, times=99), TOKEN),
        slow(Fault(FaultKind.STATUS, "/storage/", status=401), TOKEN),
        slow(Fault(FaultKind.STATUS, "/commit/", status=403), TOKEN),
        slow(Fault(FaultKind.RESET, "/commit/"), r"could not be reached \(.*\)\. The dataset is intact"),
        slow(Fault(FaultKind.STATUS, "/tree/", status=404), "status 404"),
        (Fault(FaultKind.BODY, f"/api/datasets/{REPO}", body=[]), "does not answer as the Hub does"),
    ],
)  # fmt: skip
def test_failed_publish_leaves_home_and_dataset_unchanged(
    cloud: Cloud, part: Part, content: Content, fault: Fault, message: str
) -> None:
    home = part("home", FIRST, LAST)
    before, head = content(home), cloud.repository.head
    cloud.hub.faults.add(fault)
    with pytest.raises(HubError, match=message):
        cloud.publish(home)
    cloud.hub.faults.clear()
    assert content(home) == before and Lake(home).unfinished_runs() == []
    if fault.kind is not FaultKind.RESET:
        assert cloud.repository.head == head
    cloud.publish(home)
    assert len(cloud.crawls) == 5 and len(cloud.repository.commits) == 2


def test_busy_hub_and_cut_response_are_retried(cloud: Cloud, part: Part, tmp_path: Path) -> None:
    cloud.hub.faults.add(
        Fault(FaultKind.STATUS, "/commit/", status=429, reset_seconds=9),
        Fault(FaultKind.STATUS, "/commit/", status=500),
    )
    cloud.publish(part("home", FIRST, LAST))
    assert cloud.waits == [10.0, 2.0]
    cloud.hub.faults.add(Fault(FaultKind.TRUNCATE, "crawls.jsonl", after=1, keep_bytes=900))
    cloud.pull(tmp_path / "into")
    assert cloud.waits == [10.0, 2.0, 1.0]


@pytest.mark.slow
def test_uploaded_files_are_not_sent_again(cloud: Cloud, part: Part) -> None:
    home = part("home", FIRST, LAST)
    cloud.hub.faults.add(Fault(FaultKind.STATUS, "/commit/", status=413))
    with pytest.raises(HubError):
        cloud.publish(home)
    cloud.hub.requests.clear()
    cloud.publish(home)
    assert [request for request in cloud.hub.requests if request.method == "PUT"] == []


@pytest.mark.parametrize(
    ("fault", "message"),
    [
        (Fault(FaultKind.STATUS, "", status=401, times=99), r"no access to it \(status 401\)"),
        slow(Fault(FaultKind.STATUS, "model_days", status=403, times=9), "could not be reached|no access to it"),
        slow(Fault(FaultKind.STATUS, "datasets/ada/data", status=500, times=4), "too busy for ada/data"),
        slow(
            Fault(FaultKind.TRUNCATE, "crawls.jsonl", after=1, keep_bytes=900, times=9), "was not downloaded completely"
        ),
    ],
)
def test_failed_pull_leaves_whole_days(
    cloud: Cloud, part: Part, content: Content, tmp_path: Path, fault: Fault, message: str
) -> None:
    home, into = part("home", FIRST, LAST), tmp_path / "into"
    cloud.publish(home)
    cloud.hub.faults.add(fault)
    with pytest.raises(HubError, match=message):
        cloud.pull(into)
    cloud.hub.faults.clear()
    assert content(into)["manifests"] == []
    cloud.pull(into)
    assert content(into) == content(home)
    assert Lake(into).unfinished_runs() == []


def test_missing_dataset_is_created_only_on_request(cloud: Cloud, part: Part) -> None:
    home = part("home", FIRST, LAST)
    cloud.hub.datasets._repositories.clear()
    with pytest.raises(
        HubError, match=rf"does not exist, or you have no access to it\. `tracker publish {REPO} --create` creates"
    ):
        cloud.publish(home)
    with pytest.raises(HubError, match=r"does not exist, or you have no access to it\. Nothing was pulled\."):
        cloud.pull(home)
    with pytest.raises(DataError, match=r"There is no warehouse at"):
        cloud.publish(home, creates=True, has_marts=True)
    assert not cloud.hub.datasets._repositories
    cloud.publish(home, creates=True, is_private=True)
    assert cloud.repository.is_private and len(cloud.crawls) == 5
    assert cloud.publish(home, creates=True).files == {}


def test_private_dataset_needs_a_token(
    cloud: Cloud, part: Part, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    cloud.publish(part("home", FIRST, LAST))
    cloud.repository.is_private = True
    monkeypatch.delenv("HF_TOKEN")
    for act in (cloud.pull, cloud.publish):
        with pytest.raises(HubError, match=r"no access to it \(status 401\)"):
            act(part("stranger", FIRST, LAST))


def change(cloud: Cloud, changes: dict[str, bytes | None]) -> None:
    cloud.repository.add(changes, "by hand", cloud.repository.head.date)


MONTH, DAY = "lake/model_days/month=2026-10/hub.parquet", "lake/model_days/day=2026-11-03/hub.parquet"


@pytest.mark.parametrize(
    ("path", "content_now", "message"),
    [
        (MONTH, None, f"has no {MONTH}"),
        slow(MONTH, "lake/model_days/day=2026-11-02/hub.parquet", rf"{MONTH} .*other columns.*Delete it there"),
        slow(MONTH, "README.md", rf"{MONTH} .*cannot be read.*Delete it there"),
        slow(DAY, None, "has no lake/model_days/month=2026-11/hub.parquet"),
        slow(DAY, "lake/model_days/day=2026-11-02/hub.parquet", f"{DAY} of ada/data differs from what its crawl wrote"),
    ],
)
def test_file_changed_by_hand_is_reported_and_replaced(
    cloud: Cloud, part: Part, content: Content, tmp_path: Path, path: str, content_now: str | None, message: str
) -> None:
    home = part("home", FIRST, LAST)
    cloud.publish(home)
    change(cloud, {"README.md": b"# Hello\n"})
    change(cloud, {path: cloud.files[content_now] if content_now else None})
    with pytest.raises(DataError, match=message):
        cloud.pull(tmp_path / "into")
    assert Lake(tmp_path / "into").file_problems(Lake(tmp_path / "into").manifests(), by_content=True) == []
    if "Delete" in message:
        change(cloud, {path: None})
    cloud.publish(home)
    cloud.pull(tmp_path / "into")
    assert content(tmp_path / "into") == content(home)


def test_month_with_a_row_of_another_day_is_not_pulled(cloud: Cloud, part: Part, tmp_path: Path) -> None:
    cloud.publish(part("home", FIRST, LAST))
    table = pq.read_table(pa.BufferReader(cloud.files[MONTH]))
    days = table["day"].to_pylist()
    days[days.index(FIRST)] = date(2026, 10, 31)
    file = io.BytesIO()
    pq.write_table(table.set_column(table.column_names.index("day"), "day", pa.array(days, table["day"].type)), file)
    change(cloud, {MONTH: file.getvalue()})
    with pytest.raises(DataError, match=r"rows of 2026-10-3. instead of|cannot be read"):
        cloud.pull(tmp_path / "into")
    assert Lake(tmp_path / "into").manifests() == []


@pytest.mark.slow
def test_damaged_manifests_are_reported(cloud: Cloud, part: Part) -> None:
    home = part("home", FIRST, LAST)
    cloud.publish(home)
    change(cloud, {"lake/crawls.jsonl": b'{"crawl": 1}\n'})
    for act in (cloud.publish, cloud.pull):
        with pytest.raises(DataError, match=r"crawls\.jsonl of ada/data at .* is damaged or from another version"):
            act(home)


def test_dataset_of_another_program_is_not_pulled(cloud: Cloud, tmp_path: Path) -> None:
    cloud.repository.add({"train.csv": b"x"}, "somebody's", cloud.repository.head.date)
    with pytest.raises(DataError, match=r"has files but no crawls, so this program did not make it"):
        cloud.pull(tmp_path / "home")


def test_pull_of_an_empty_dataset_is_no_error(cloud: Cloud, tmp_path: Path) -> None:
    pulled = cloud.pull(tmp_path / "home")
    assert (pulled.landed, pulled.in_dataset) == ([], 0)
    assert list(pull_lines(pulled)) == [f"{REPO} is empty; fill it with `tracker publish`."]


def test_damaged_home_is_not_published(cloud: Cloud, part: Part) -> None:
    home, head = part("home", FIRST, LAST), cloud.repository.head
    (home / DAY).write_bytes(b"PAR1")
    with pytest.raises(HomeError, match=r"has 4 bytes; crawl 2026-11-03-hub wrote .*Nothing was published"):
        cloud.publish(home)
    assert cloud.repository.head == head


def killed(cloud: Cloud, fault: Fault, *arguments: str) -> None:
    """Run the program until a request meets the fault, then kill it."""
    cloud.hub.faults.add(fault)
    environment = {"HF_ENDPOINT": cloud.hub.url, "HF_HUB_DISABLE_TELEMETRY": "1", "HF_HUB_DISABLE_XET": "1"}
    process = subprocess.Popen(
        [sys.executable, "-m", "tracker", *arguments],
        env={**os.environ, **environment},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    while cloud.hub.faults.pending and process.poll() is None:
        time.sleep(0.01)
    assert process.poll() is None
    process.kill()
    process.wait()


@pytest.mark.slow
@pytest.mark.parametrize("path", ["/storage/", "/commit/"])
def test_killed_publish_leaves_the_dataset_unchanged(cloud: Cloud, part: Part, content: Content, path: str) -> None:
    home = part("home", FIRST, LAST)
    before = content(home)
    killed(cloud, Fault(FaultKind.STALL, path), "publish", REPO, "--no-marts", "--home", str(home))
    assert content(home) == before
    cloud.publish(home)
    assert len(cloud.crawls) == 5 and len(cloud.repository.commits) == 2
    assert Lake(home).unfinished_runs() == []


@pytest.mark.slow
@pytest.mark.parametrize("after", [3, 14])
def test_killed_pull_leaves_whole_days_and_resumes(
    cloud: Cloud, part: Part, content: Content, tmp_path: Path, after: int
) -> None:
    home, into = part("home", FIRST, LAST), tmp_path / "into"
    cloud.publish(home)
    killed(cloud, Fault(FaultKind.STALL, "/resolve/", after=after), "pull", REPO, "--home", str(into))
    landed = content(into)["manifests"]
    assert (len(landed) >= 2) == (after == 14)
    assert len(cloud.pull(into).landed) == 5 - len(landed)
    assert content(into) == content(home)
    assert Lake(into).unfinished_runs() == []


PULL_THAT_EXITS = """
import os, sys
from pathlib import Path
from tracker.publish.dataset import PULL_TEXTS, Dataset
from tracker.publish.pull import pull
from tracker.lake.lake import Lake

class ExitingLake(Lake):
    def save_manifest(self, manifest):
        if len(self.manifests()) == 3:
            os._exit(9)
        return super().save_manifest(manifest)

with Dataset("ada/data", sys.argv[1], purpose=PULL_TEXTS) as dataset:
    pull(ExitingLake(Path(sys.argv[2])), dataset, print)
"""


@pytest.mark.slow
def test_pull_killed_before_a_manifest_leaves_no_half_day(
    cloud: Cloud, part: Part, content: Content, tmp_path: Path
) -> None:
    home, into = part("home", FIRST, LAST), tmp_path / "into"
    cloud.publish(home)
    environment = {**os.environ, "HF_HUB_DISABLE_TELEMETRY": "1"}
    command = [sys.executable, "-c", PULL_THAT_EXITS, cloud.hub.url, str(into)]
    assert subprocess.run(command, env=environment, capture_output=True).returncode == 9
    lake = Lake(into)
    assert len(lake.manifests()) == 3 and lake.file_problems(lake.manifests(), by_content=True) == []
    assert lake.unlisted_files(lake.manifests())
    assert len(cloud.pull(into).landed) == 2
    assert content(into) == content(home)
