"""The formats of numbers, days and text."""

from datetime import date

import polars as pl
import pytest

from dashboards.data import format


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (None, "unknown"),
        (0, "0"),
        (999, "999"),
        (1_000, "1.00K"),
        (12_345, "12.3K"),
        (999_600, "1.00M"),
        (123_456_789, "123M"),
        (1_234_567_890, "1.23B"),
        (-4_500, "-4.50K"),
    ],
)
def test_counts_have_three_digits_and_a_letter(value: float | None, text: str) -> None:
    assert format.compact(value) == text


@pytest.mark.parametrize(
    ("share", "text"),
    [
        (None, "unknown"), (0, "0.0%"), (0.412, "41.2%"), (0.0001, "< 0.1%"), (0.0006, "0.1%"), (0.9994, "99.9%"),
        (0.9996, "> 99.9%"), (1 - 1e-12, "100.0%"), (1, "100.0%"),
    ],
)  # fmt: skip
def test_parts_are_shown_neither_as_nothing_nor_as_the_whole(share: float | None, text: str) -> None:
    assert format.percent(share) == text


@pytest.mark.parametrize(
    ("difference", "text"),
    [
        (None, "unknown"),
        (0.031, "+3.1 points"),
        (-0.12, "-12.0 points"),
        (-0.0001, "0.0 points"),
        (0.0001, "0.0 points"),
        (0.0, "0.0 points"),
        (-0.1, "-10.0 points"),
    ],
)
def test_differences_of_shares_are_points_with_a_sign(difference: float | None, text: str) -> None:
    assert format.points(difference) == text


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("org/model-7B", r"org/model\-7B"),
        ("[x](javascript:alert(1))", r"\[x\]\(javascript\:alert\(1\)\)"),
        ("<b>*a*</b>", r"\<b\>\*a\*\</b\>"),
        ("$x$ :red[y]", r"\$x\$ \:red\[y\]"),
        ("https://example.org", "https\\://\u2060example\\.org"),
        ("a/WWW.example.org", "a/WWW\u2060\\.example\\.org"),
        ("a@example.org", "a@\u2060example\\.org"),
        (":material/hotel: 10:30", "\\:\u2060material/hotel\\: 10\\:30"),
    ],
)
def test_plain_text_has_no_markdown_left(text: str, shown: str) -> None:
    assert format.escape_markdown(text) == shown


def test_days_and_counted_nouns() -> None:
    assert format.day(date(2026, 8, 2)) == "2 Aug 2026"
    assert format.day(None) == "unknown"
    assert format.count(1, "day") == "1 day"
    assert format.count(1204, "day") == "1,204 days"
    assert format.exact(1204.0) == "1,204"
    assert format.exact(None) == "unknown"


COUNTS = pl.Series("count", [1200, None])


def test_text_column_leaves_unknown_values_null_or_names_them() -> None:
    assert format.text_column(COUNTS, format.exact).to_list() == ["1,200", None]
    named = format.text_column(COUNTS, format.exact, "exact", unknown=format.UNKNOWN)
    assert named.to_list() == ["1,200", "unknown"] and named.name == "exact"


def test_text_column_without_known_values_is_still_text() -> None:
    assert format.text_column(pl.Series("none", [None, None]), format.exact).dtype == pl.String
