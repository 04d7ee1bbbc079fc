"""The reports of `tracker publish` and `tracker pull`."""

import pytest

from tracker.cli.publish import publish_lines, pull_lines
from tracker.publish.pull import PullResult
from tracker.publish.push import PublishResult

SENT = {"lake/crawls.jsonl": 1_200_000, "README.md": 300_000}


@pytest.mark.parametrize(
    ("sent", "lines"),
    [
        (PublishResult("a/b", "0123456789"), ["a/b is up to date (0123456); nothing was sent."]),
        (
            PublishResult("a/b", "0123456789", ["2026-11-01-hub"], SENT, months=["2026-10"]),
            ["a/b: 1 crawl in 2 files, 1.5 MB sent, compacting 2026-10.", "Commit 0123456."],
        ),
        (
            PublishResult("a/b", "0123456789", ["x", "y"], {"p": 5}, removed=["q"], is_dry=True),
            ["a/b: 2 crawls in 1 file, 0.0 MB would be sent.", "  p 5 bytes", "  q would be removed"],
        ),
        (
            PublishResult("a/b", "0123456789", pulled=["x"], only_in_dataset=["y", "z"]),
            [
                "a/b keeps 2 imported days that this home does not have.",
                "Another run published at the same time: 1 crawl pulled. Run `tracker build` and `tracker publish` "
                "again to bring the result tables up to date.",
                "a/b is up to date (0123456); nothing was sent.",
            ],
        ),
    ],
)
def test_publish_report(sent: PublishResult, lines: list[str]) -> None:
    assert list(publish_lines(sent)) == lines


def test_pull_report() -> None:
    found = PullResult("a/b", "0123456789", ["x"], ["2026-11-01-hub"], in_dataset=1_200)
    assert list(pull_lines(found)) == [
        "Not replaced, although a/b has different readings: 2026-11-01-hub. Use --force to take the dataset's.",
        "a/b (0123456): 1 of 1,200 crawls landed. Run `tracker build` to use them.",
    ]
    nothing = PullResult("a/b", "0123456789", in_dataset=2)
    assert list(pull_lines(nothing)) == ["Nothing new in a/b (0123456); the lake is unchanged."]
