"""Tokens of workflows, and what a release waits for."""

import tomllib
from pathlib import Path
from typing import Any

import pytest
import yaml

ROOT = Path(__file__).parents[2]
WORKFLOWS = sorted((ROOT / ".github" / "workflows").glob("*.yml"))
NEED_A_TOKEN = ("tracker due", "tracker pull", "tracker crawl", "tracker publish", "hf upload")


def jobs_of(file: Path) -> dict[str, Any]:
    jobs: dict[str, Any] = yaml.safe_load(file.read_text(encoding="utf-8"))["jobs"]
    assert jobs
    return jobs


@pytest.mark.parametrize("file", WORKFLOWS, ids=lambda file: file.stem)
def test_only_steps_that_need_a_token_get_one(file: Path) -> None:
    for job in jobs_of(file).values():
        assert not {"HF_TOKEN", "HF_OIDC_RESOURCE"} & job.get("env", {}).keys()
        for step in job.get("steps", []):
            has_token = "HF_TOKEN" in step.get("env", {})
            assert has_token == any(command in step.get("run", "") for command in NEED_A_TOKEN), step


def test_release_builds_only_after_the_tests() -> None:
    jobs = jobs_of(ROOT / ".github" / "workflows" / "release.yml")
    assert (jobs["build"]["needs"], jobs["publish"]["needs"]) == ("test", "build")
    assert any("pytest" in step.get("run", "") for step in jobs["test"]["steps"])
    assert jobs["test"]["permissions"] == {"contents": "read"}


def test_pages_without_options_listen_on_this_machine_only() -> None:
    config = tomllib.loads((ROOT / "dashboards" / ".streamlit" / "config.toml").read_text(encoding="utf-8"))
    assert config["server"]["address"] == "127.0.0.1"
