"""The scheduled crawl job against the embedded Hub: two runs of one day, starting with an empty dataset."""

import json
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from huggingface_hub import HfApi
from ruamel.yaml import YAML

from tests.workflows.jobs import WORKFLOWS, Step, job, this_checkout
from tracker.demo.hub.faults import Fault, FaultKind
from tracker.demo.hub.server import EmbeddedHub
from tracker.demo.simulation.world import SimulatedWorld
from tracker.registry.load import load

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="the job runs in bash")

DATASET = "someone/model-days"
TOKEN = "hf_simulated"
STOPPED = [("Check whether the day is already in the dataset", 10), ("Summary of shares and checks", 0)]
"""Steps and exit codes of a run that cannot read the dataset: it crawls nothing."""


@pytest.fixture(scope="module")
def hub() -> Iterator[EmbeddedHub]:
    """A simulated Hub of today, with an empty dataset."""
    world = SimulatedWorld(seed=0, days=2, models=300, registry=load(), last_day=datetime.now(UTC).date())
    with EmbeddedHub(world) as hub:
        HfApi(hub.url, token=TOKEN).create_repo(DATASET, repo_type="dataset")
        yield hub


def test_crawls_start_after_the_hub_has_updated_its_counters() -> None:
    """Two runs of a day that read different counters would double one day and halve the next."""
    crons = [entry["cron"].split() for entry in YAML(typ="safe").load(WORKFLOWS / "crawl.yml")["on"]["schedule"]]
    hours = [int(hour) for _, hour, *days in crons if days == ["*", "*", "*"]]
    assert len(crons) == len(hours) == 2 and 10 <= min(hours) < max(hours) <= 20


def run(hub: EmbeddedHub, folder: Path, **context: str) -> list[Step]:
    """Run the crawl job in a new folder, as a runner does."""
    folder.mkdir()
    variables = {"vars.TRACKER_DATASET": DATASET, "secrets.HF_TOKEN": TOKEN, **context}
    return job("crawl.yml", "crawl", variables).run(folder, this_checkout(folder, HF_ENDPOINT=hub.url))


@pytest.mark.slow
def test_crawl_job_does_a_day_once(hub: EmbeddedHub, tmp_path: Path) -> None:
    webhook = {"secrets.TRACKER_WEBHOOK": "http://127.0.0.1:9/secret"}
    first = run(hub, tmp_path / "first", **{"inputs.scope": "hub"}, **webhook)
    assert [(step.name, step.code) for step in first] == [
        ("Check whether the day is already in the dataset", 0),
        ("Pull", 0),
        ("Crawl", 0),
        ("Build", 0),
        ("Publish", 0),
        ("Alert", 0),
        ("Report", 0),
        ("Summary of shares and checks", 0),
    ], first
    assert first[5].out.startswith("No events on ")
    api = HfApi(hub.url, token=TOKEN)
    latest = json.loads(
        Path(api.hf_hub_download(DATASET, "latest.json", repo_type="dataset", local_dir=tmp_path)).read_text()
    )
    today = latest["scopes"]["hub"]["last"]
    assert latest["scopes"]["hub"] == {"first": today, "last": today, "days": 1}
    summary = (tmp_path / "first" / "GITHUB_STEP_SUMMARY.txt").read_text()
    assert (
        f"Downloads of language models by origin, 30 days to {today}" in summary
        and f"Last crawl: {today}-hub" in summary
    )
    assert (tmp_path / "first" / "site" / "index.html").exists()

    requests_before = len(hub.requests)
    [only, *further] = run(hub, tmp_path / "second", **{"inputs.scope": "hub"})
    if str(datetime.now(UTC).date()) != today:
        pytest.skip("midnight passed, so the second run had another day to do")
    assert (only.code, further) == (0, [])
    assert f"{DATASET} already holds {today}-hub" in only.err
    assert not any(request.path == "/api/models" for request in hub.requests[requests_before:])


@pytest.mark.slow
def test_crawl_job_adds_a_day_to_the_state(hub: EmbeddedHub, tmp_path: Path) -> None:
    """Yesterday was published from elsewhere; today the runner pulls its state, and no readings."""
    dataset, today = "someone/two-days", datetime.now(UTC).date()
    yesterday, environ = today - timedelta(days=1), this_checkout(tmp_path, HF_ENDPOINT=hub.url, HF_TOKEN=TOKEN)
    hub.day = yesterday
    commands = f"crawl --scope hub --day {yesterday}", "build --slim", f"publish {dataset} --create"
    for command in commands:
        done = subprocess.run(
            ["uv", "run", "tracker", *command.split()], cwd=tmp_path, env=environ, capture_output=True, text=True
        )
        assert done.returncode == 0, done.stderr
    hub.day = today
    ran = run(hub, tmp_path / "runner", **{"vars.TRACKER_DATASET": dataset, "inputs.scope": "hub"})
    said = {step.name: step.out + step.err for step in ran}
    assert [step.code for step in ran] == [0] * 7, ran
    assert f"the state of {yesterday} and 1 crawl, without their readings" in said["Pull"]
    assert f"Incremental build: adding {today} to the warehouse of {yesterday}." in said["Build"]
    assert [path.name for path in (tmp_path / "runner" / "data" / "lake" / "model_days").iterdir()] == [f"day={today}"]


def test_crawl_job_stops_where_the_dataset_is_gone(hub: EmbeddedHub, tmp_path: Path) -> None:
    ran = run(hub, tmp_path / "home", **{"vars.TRACKER_DATASET": "someone/deleted"})
    assert [(step.name, step.code) for step in ran] == STOPPED
    assert "someone/deleted at http" in ran[0].err and "does not exist, or you have no access to it" in ran[0].err


@pytest.mark.slow
def test_crawl_job_stops_where_the_token_has_expired(hub: EmbeddedHub, tmp_path: Path) -> None:
    hub.faults.add(Fault(FaultKind.STATUS, "/api/datasets", status=401))
    ran = run(hub, tmp_path / "home")
    assert [(step.name, step.code) for step in ran] == STOPPED
    assert "The Hub did not accept the token, which may have expired or been revoked" in ran[0].err


@pytest.mark.slow
def test_crawl_job_prints_a_summary_after_a_failure(hub: EmbeddedHub, tmp_path: Path) -> None:
    ran = run(hub, tmp_path / "home", **{"vars.TRACKER_SCOPE": "families", "vars.TRACKER_FAMILIES": "nosuchfamily"})
    assert [(step.name, step.code) for step in ran[2:]] == [("Crawl", 12), ("Summary of shares and checks", 0)]
    assert "nosuchfamily" in ran[2].err
