"""The watch job: one open issue while the crawl fails, closed when it succeeds."""

import sys
from pathlib import Path

import pytest

from tests.workflows.jobs import job

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="the job runs in bash")

RUN = "https://g/o/r/actions/runs/7"

GH = """#!/usr/bin/env bash
printf '%s|' "$@" >> calls.txt
echo >> calls.txt
if [ "$1 $2" = "issue list" ]; then cat open.txt; fi
"""
"""A `gh` that records its arguments and prints the open issue."""


def gh_calls(folder: Path, results: str, open_issue: str) -> list[list[str]]:
    """Arguments of the calls of `gh`, in order, without the one for the label."""
    command = folder / "gh"
    command.write_text(GH)
    command.chmod(0o755)
    (folder / "open.txt").write_text(open_issue)
    context = {"needs.*.result": results, "github.server_url": "https://g", "github.repository": "o/r"}
    watch = job("crawl.yml", "watch", context | {"github.run_id": "7"})
    ran = watch.run(folder, {"PATH": f"{folder}:/usr/bin:/bin"})
    assert [step.code for step in ran] == [0, 0], ran
    lines = (folder / "calls.txt").read_text().splitlines()
    calls = [line.strip("|").split("|") for line in lines]
    assert calls[0][:3] == ["label", "create", "crawl-failed"]
    assert calls[1][:4] == ["issue", "list", "--label", "crawl-failed"]
    assert calls[-1] == ["workflow", "enable", "crawl.yml"]
    return calls[2:-1]


def test_watch_job_opens_an_issue_that_names_the_run(tmp_path: Path) -> None:
    [call] = gh_calls(tmp_path, "failure skipped", open_issue="")
    assert call[:4] == ["issue", "create", "--label", "crawl-failed"]
    assert call[-1] == f"First in {RUN}"


def test_watch_job_comments_on_a_further_failure(tmp_path: Path) -> None:
    assert gh_calls(tmp_path, "cancelled skipped", open_issue="12") == [
        ["issue", "comment", "12", "--body", f"Again in {RUN}"]
    ]


def test_watch_job_closes_the_issue_after_recovery(tmp_path: Path) -> None:
    assert gh_calls(tmp_path, "success skipped", open_issue="12") == [
        ["issue", "close", "12", "--comment", f"It works again: {RUN}"]
    ]


def test_watch_job_does_nothing_without_an_open_issue(tmp_path: Path) -> None:
    assert gh_calls(tmp_path, "success success", open_issue="") == []
