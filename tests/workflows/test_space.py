"""The report in a static Space: the step of both workflows against the embedded Hub."""

import sys
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
import yaml
from huggingface_hub import HfApi

from tests.workflows.jobs import job, this_checkout
from tracker.demo.hub.server import EmbeddedHub
from tracker.demo.simulation.world import SimulatedWorld
from tracker.registry.load import load

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="the job runs in bash")

SPACE, TOKEN = "someone/site", "hf_simulated"
NAME = "Send the report to a static Space"


def test_report_replaces_the_files_of_a_static_space(tmp_path: Path) -> None:
    (tmp_path / "site" / "data").mkdir(parents=True)
    (tmp_path / "site" / "index.html").write_text("<h1>Report</h1>")
    (tmp_path / "site" / "data" / "shares.csv").write_text("day,share\n")
    context = {"vars.TRACKER_SPACE": SPACE, "secrets.HF_TOKEN": TOKEN, "steps.due.outputs.due": "yes"}
    [of_crawl], [of_pages] = (
        [step for step in job(workflow, name, context).steps if step.get("name") == NAME]
        for workflow, name in (("crawl.yml", "crawl"), ("pages.yml", "site"))
    )
    assert {**of_crawl, "if": None} == {**of_pages, "if": None}

    world = SimulatedWorld(seed=0, days=1, models=10, registry=load())
    with EmbeddedHub(world) as hub:
        HfApi(hub.url, token=TOKEN).create_repo(SPACE, repo_type="space", space_sdk="static")
        space = hub.datasets[f"spaces/{SPACE}"]
        space.add({"index.html": b"old", "data/gone.csv": b"old"}, "old", datetime(2026, 11, 1, tzinfo=UTC))
        both = replace(job("crawl.yml", "crawl", context), steps=[of_crawl])
        [sent] = both.run(tmp_path, this_checkout(tmp_path, HF_ENDPOINT=hub.url))
        assert sent.code == 0, sent
        files = {path: blob.content for path, blob in space.head.files.items() if path != ".gitattributes"}
    assert files.keys() == {"README.md", "index.html", "data/shares.csv"}
    assert files["index.html"] == b"<h1>Report</h1>"
    assert yaml.safe_load(files["README.md"].split(b"---")[1]) == {"title": "Open Model Tracker", "sdk": "static"}
