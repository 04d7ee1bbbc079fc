"""The watch job, and the check of GitHub Pages, with a `gh` that answers and fails as the real one does."""

import sys
from pathlib import Path

import pytest

from tests.workflows.jobs import Step, job

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="the job runs in bash")

RUN = "https://g/o/r/actions/runs/7"
ENABLE = ["workflow", "enable", "crawl.yml"]

GH = """#!/usr/bin/env bash
printf '%s|' "$@" >> calls.txt
echo >> calls.txt
has=$(cat has_issues.txt)
case "$1 $2" in
  "api repos/o/r") echo "$has" ;;
  "api repos/o/r/pages")
    if [ -s pages.txt ]; then cat pages.txt; else echo "gh: Not Found (HTTP 404)" >&2; exit 1; fi ;;
  "issue "* | "label "*)
    if [ "$has" = false ]; then echo "the 'o/r' repository has disabled issues" >&2; exit 1; fi
    if [ "$1 $2" = "issue list" ]; then cat open.txt; fi ;;
  "workflow enable")
    if [ -e forbidden ]; then echo "HTTP 403: Resource not accessible by integration" >&2; exit 1; fi ;;
esac
"""
"""Records its arguments. Without Issues, Pages or the right to enable a workflow, it exits with 1."""


def ran(folder: Path, workflow: str, name: str, context: dict[str, str], open_issue: str = "") -> list[Step]:
    """The steps of a job that ran in `folder`, with this `gh`."""
    command = folder / "gh"
    command.write_text(GH)
    command.chmod(0o755)
    for file, text in {"open.txt": open_issue, "has_issues.txt": "true"}.items():
        if not (folder / file).exists():
            (folder / file).write_text(text)
    known = {"github.server_url": "https://g", "github.repository": "o/r", "github.run_id": "7"}
    return job(workflow, name, known | context).run(folder, {"PATH": f"{folder}:/usr/bin:/bin"})


def watch(folder: Path, crawl: str, pages: str, open_issue: str = "") -> tuple[list[Step], list[list[str]]]:
    """The steps of the watch job, and the arguments of its calls of `gh` in order."""
    results = {"needs.crawl.result": crawl, "needs.pages.result": pages}
    steps = ran(folder, "crawl.yml", "watch", results, open_issue)
    return steps, [line.strip("|").split("|") for line in (folder / "calls.txt").read_text().splitlines()]


def changes(folder: Path, crawl: str, pages: str, open_issue: str = "") -> list[list[str]]:
    """The calls that change issues, of a watch job that succeeds."""
    steps, calls = watch(folder, crawl, pages, open_issue)
    assert [step.code for step in steps] == [0, 0], steps
    assert calls[0] == ENABLE
    assert calls[2][:3] == ["label", "create", "crawl-failed"]
    assert calls[3][:4] == ["issue", "list", "--label", "crawl-failed"]
    return calls[4:]


def test_failure_opens_an_issue_that_names_the_run(tmp_path: Path) -> None:
    [call] = changes(tmp_path, "failure", "skipped")
    assert call[:4] == ["issue", "create", "--label", "crawl-failed"]
    assert call[-1] == f"First in {RUN}. Crawl: failure; report on GitHub Pages: skipped."


def test_failed_report_is_told_from_a_failed_crawl(tmp_path: Path) -> None:
    [call] = changes(tmp_path, "success", "failure")
    assert call[-1] == f"First in {RUN}. Crawl: success; report on GitHub Pages: failure."


def test_further_failure_becomes_a_comment(tmp_path: Path) -> None:
    [call] = changes(tmp_path, "cancelled", "skipped", open_issue="12")
    assert call[:3] == ["issue", "comment", "12"] and call[-1].startswith(f"Again in {RUN}.")


def test_recovery_closes_the_issue(tmp_path: Path) -> None:
    assert changes(tmp_path, "success", "skipped", open_issue="12") == [
        ["issue", "close", "12", "--comment", f"It works again: {RUN}"]
    ]


def test_success_without_an_open_issue_changes_nothing(tmp_path: Path) -> None:
    assert changes(tmp_path, "success", "success") == []


@pytest.mark.parametrize("crawl", ["success", "failure"])
def test_watch_job_succeeds_where_issues_are_off(tmp_path: Path, crawl: str) -> None:
    (tmp_path / "has_issues.txt").write_text("false")
    steps, calls = watch(tmp_path, crawl, "skipped")
    assert [step.code for step in steps] == [0, 0], steps
    assert calls[0] == ENABLE and not [call for call in calls if call[0] in ("issue", "label")]
    assert steps[1].out.startswith("::notice::Issues are off in this repository")


def test_issue_is_opened_where_the_schedule_cannot_be_enabled(tmp_path: Path) -> None:
    (tmp_path / "forbidden").touch()
    steps, calls = watch(tmp_path, "failure", "skipped")
    assert [step.code for step in steps] == [1, 0]
    assert calls[-1][:2] == ["issue", "create"]


@pytest.mark.parametrize(
    ("answer", "code", "message"),
    [
        ("workflow", 0, ""),
        ("legacy", 1, "::error::GitHub Pages takes its content from a branch."),
        ("", 1, "::error::GitHub Pages is off, or not available in this repository (gh: Not Found (HTTP 404))."),
    ],
    ids=["on", "from a branch", "off"],
)
def test_pages_that_are_off_are_named(tmp_path: Path, answer: str, code: int, message: str) -> None:
    (tmp_path / "pages.txt").write_text(answer)
    [step] = ran(tmp_path, "pages.yml", "deploy", {})
    assert step.code == code and step.out.startswith(message)
