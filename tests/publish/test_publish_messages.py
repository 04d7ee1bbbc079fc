"""What publish and pull say at their end."""

import pytest

from tracker.cli.publish import published_lines, pulled_lines
from tracker.publish.pull import Pulled
from tracker.publish.push import Published

SENT = {"lake/crawls.jsonl": 1_200_000, "README.md": 300_000}


@pytest.mark.parametrize(
    ("sent", "said"),
    [
        (Published("a/b", "0123456789"), ["a/b has all of it (0123456); nothing was sent."]),
        (
            Published("a/b", "0123456789", ["2026-11-01-hub"], SENT, months=["2026-10"]),
            ["a/b: 1 crawl in 2 files, 1.5 MB sent, compacting 2026-10.", "Commit 0123456."],
        ),
        (
            Published("a/b", "0123456789", ["x", "y"], {"p": 5}, gone=["q"], is_dry=True),
            ["a/b: 2 crawls in 1 file, 0.0 MB would be sent.", "  p 5 bytes", "  q goes away"],
        ),
        (
            Published("a/b", "0123456789", pulled=["x"], kept=["y", "z"]),
            [
                "a/b keeps 2 imported days that this home has not.",
                "Somebody else published meanwhile: 1 crawl pulled. Run `tracker build` and publish again to bring the "
                "tables up to date.",
                "a/b has all of it (0123456); nothing was sent.",
            ],
        ),
    ],
)
def test_a_publish_in_words(sent: Published, said: list[str]) -> None:
    assert list(published_lines(sent)) == said


def test_a_pull_in_words() -> None:
    found = Pulled("a/b", "0123456789", ["x"], ["2026-11-01-hub"], held=1_200)
    assert list(pulled_lines(found)) == [
        "Kept as this home has them, though a/b holds other readings: 2026-11-01-hub. "
        "--force takes those of the dataset.",
        "a/b (0123456): 1 of 1,200 crawls landed. Run `tracker build` to see them.",
    ]
    nothing = Pulled("a/b", "0123456789", held=2)
    assert list(pulled_lines(nothing)) == ["Nothing new in a/b (0123456); the lake is as it was."]
