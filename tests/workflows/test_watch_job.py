"""The job that tells of failures: one issue while the crawl fails, closed when it works again."""

import sys
from pathlib import Path

import pytest

from tests.workflows.jobs import job

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="the job runs in bash")

RUN = "https://g/o/r/actions/runs/7"

GH = """#!/usr/bin/env bash
printf '%s|' "$@" >> asked.txt
echo >> asked.txt
if [ "$1 $2" = "issue list" ]; then cat open.txt; fi
"""
"""Notes what it is asked, and names the issue that is open."""


def asked(folder: Path, results: str, open_issue: str) -> list[list[str]]:
    """What `gh` was asked, in order, less the label."""
    command = folder / "gh"
    command.write_text(GH)
    command.chmod(0o755)
    (folder / "open.txt").write_text(open_issue)
    context = {"needs.*.result": results, "github.server_url": "https://g", "github.repository": "o/r"}
    watch = job("crawl.yml", "watch", context | {"github.run_id": "7"})
    ran = watch.run(folder, {"PATH": f"{folder}:/usr/bin:/bin"})
    assert [step.code for step in ran] == [0, 0], ran
    lines = (folder / "asked.txt").read_text().splitlines()
    said = [line.strip("|").split("|") for line in lines]
    assert said[0][:3] == ["label", "create", "crawl-failed"]
    assert said[1][:4] == ["issue", "list", "--label", "crawl-failed"]
    assert said[-1] == ["workflow", "enable", "crawl.yml"]
    return said[2:-1]


def test_a_first_failure_opens_an_issue_that_names_the_run(tmp_path: Path) -> None:
    [made] = asked(tmp_path, "failure skipped", open_issue="")
    assert made[:4] == ["issue", "create", "--label", "crawl-failed"]
    assert made[-1] == f"First in {RUN}"


def test_a_further_failure_is_a_comment(tmp_path: Path) -> None:
    assert asked(tmp_path, "cancelled skipped", open_issue="12") == [
        ["issue", "comment", "12", "--body", f"Again in {RUN}"]
    ]


def test_recovery_closes_it(tmp_path: Path) -> None:
    assert asked(tmp_path, "success skipped", open_issue="12") == [
        ["issue", "close", "12", "--comment", f"It works again: {RUN}"]
    ]


def test_success_without_an_open_issue_says_nothing(tmp_path: Path) -> None:
    assert asked(tmp_path, "success success", open_issue="") == []
