"""Since when, how sure, and what moves it: sentences for each way the rows can stand."""

from datetime import date
from typing import Any

import polars as pl
import pytest

from dashboards.data.definition import Definition
from dashboards.data.known_days import DaysKnown
from dashboards.text import crossovers as words

NAMES = {"CN": "China", "US": "United States", "DE": "Germany", "ZZ": "International"}
FIRST, READ_FROM = date(2026, 5, 26), date(2026, 6, 24)
KNOWN = DaysKnown(FIRST, date(2026, 11, 1), 160, READ_FROM)
RECONSTRUCTED = "Readings began on 24 Jun 2026; the days up to then are reconstructed from 30-day counters."
JULY, AUGUST, LATE = date(2026, 7, 24), date(2026, 8, 14), date(2026, 10, 1)
FLOW, STOCK = "Daily downloads (7-day mean)", "All-time downloads"
Row = tuple[str, str, str, date | None, date | None, date | None, bool]


def crossings(*rows: Row) -> pl.DataFrame:
    """Rows of the table of crossovers."""
    schema: dict[str, Any] = {"metric": pl.String, "a": pl.String, "b": pl.String}
    schema |= dict.fromkeys(("crossed_on", "low", "high"), pl.Date) | {"is_ahead_throughout": pl.Boolean}
    return pl.DataFrame(list(rows), schema=schema, orient="row")


def flow(a: str, b: str, on: date | None = None, low: date | None = None, high: date | None = None,
         throughout: bool = False) -> Row:  # fmt: skip
    return ("downloads", a, b, on, low, high, throughout)


@pytest.mark.parametrize(
    ("rows", "ahead", "said"),
    [
        (
            [flow("CN", "US", AUGUST, JULY, LATE), flow("US", "CN")],
            "CN",
            "By daily downloads, China passed the United States on 14 Aug 2026 "
            "(95% interval: 24 Jul 2026 to 1 Oct 2026).",
        ),
        (
            [flow("CN", "US", AUGUST, FIRST, None), flow("US", "CN", JULY)],
            "CN",
            "By daily downloads, China passed the United States on 14 Aug 2026 (95% interval: 26 May 2026 or "
            "earlier, without an end within the days known). The days known do not settle the date.",
        ),
        (
            [flow("CN", "US", JULY, JULY, JULY), flow("US", "CN", AUGUST, AUGUST, AUGUST)],
            "CN",
            "By daily downloads, China passed the United States on 24 Jul 2026 "
            "(95% interval: 24 Jul 2026 to 24 Jul 2026). "
            "The United States took the lead again on 14 Aug 2026; China has regained it since.",
        ),
        (
            [flow("US", "CN", throughout=True), flow("CN", "US")],
            "US",
            "By daily downloads, the United States has been ahead of China since the first day known, 26 May 2026 "
            "(before the first reading on 24 Jun 2026, reconstructed from 30-day counters).",
        ),
        (
            [flow("US", "CN", throughout=True), flow("CN", "US", AUGUST)],
            "US",
            "By daily downloads, the United States is ahead of China, but not yet for 14 days.",
        ),
        (
            [flow("CN", "US", AUGUST)],
            "CN",
            "By daily downloads, China passed the United States on 14 Aug 2026.",
        ),
        ([flow("CN", "DE", AUGUST)], "CN", ""),
        ([flow("CN", "US", AUGUST)], None, ""),
        ([], "CN", ""),
    ],
)
def test_it_is_said_since_when_who_is_ahead(rows: list[Row], ahead: str | None, said: str) -> None:
    assert words.lead_since(crossings(*rows), "downloads_30d", ahead, ("CN", "US"), KNOWN, NAMES) == said


def test_of_all_time_downloads_it_is_said_since_when_by_them_from_the_first_reading_on() -> None:
    rows = crossings(
        ("downloads_all_time", "US", "CN", None, None, None, True),
        ("downloads_all_time", "CN", "US", None, None, None, False),
        flow("CN", "US", throughout=True),
    )
    assert words.lead_since(rows, "downloads_all_time", "US", ("CN", "US"), KNOWN, NAMES) == (
        "By all-time downloads, the United States has been ahead of China since the first day known, 24 Jun 2026."
    )
    assert words.lead_since(rows, "downloads_all_time", "US", ("CN", "US"), None, NAMES) == ""


@pytest.mark.parametrize(
    ("metric", "compared"),
    [
        ("downloads_30d", "downloads_7d_mean"),
        ("downloads_7d_mean", "downloads_7d_mean"),
        ("downloads_all_time", "downloads_all_time"),
        ("likes", None),
        ("models", None),
    ],
)
def test_no_crossover_speaks_of_likes_and_models(metric: str, compared: str | None) -> None:
    assert words.compared_metric(metric) == compared


ROOT = Definition(lens="root", below_1b=False)


@pytest.mark.parametrize(
    ("difference", "moved", "unknown", "definition", "said"),
    [
        (0.09, {"lens": 0.144, "gguf": 0.11}, 0.0, Definition(),
         "Of the switches tried here (lens, models below 1B, GGUF, repackaged copies), one moves the difference "
         "most: counted by root instead of by publisher, China would be ahead by 14.4 points instead "
         "of 9.0 points."),
        (0.02, {"lens": 0.03, "gguf": -0.05}, 0.9, Definition(),
         "Of the switches tried here (lens, models below 1B, GGUF, repackaged copies), one moves the difference "
         "most: without GGUF repositories, whose downloads the Hub counts per file, the United States "
         "would be ahead by 5.0 points instead of behind by 2.0 points."),
        (0.02, {"below_1b": 0.06}, 0.01, ROOT,
         "Of the switches tried here (lens, models below 1B, GGUF, repackaged copies), one moves the difference "
         "most: with models below 1B, China would be ahead by 6.0 points instead of 2.0 points."),
        (0.02, {"below_1b": 0.06}, 0.2, ROOT,
         "What could move the difference most: the root of 20.0% is not known, so it could be larger or smaller by up "
         "to 20.0 points."),
        (0.02, {}, 0.0, Definition(), ""),
    ],
)  # fmt: skip
def test_the_caveat_is_what_moves_the_difference_most(
    difference: float, moved: dict[str, float], unknown: float, definition: Definition, said: str
) -> None:
    assert words.caveat(difference, moved, unknown, definition, ("CN", "US"), NAMES) == said


def test_the_table_has_each_pair_once_and_every_crossing_of_it() -> None:
    rows = [
        flow("CN", "US", AUGUST, FIRST, LATE),
        flow("US", "CN", JULY, JULY, None),
        flow("DE", "US"),
        flow("US", "DE", throughout=True),
        flow("CN", "DE"),
        flow("DE", "CN"),
        ("downloads_all_time", "CN", "US", LATE, LATE, LATE, False),
        ("downloads_all_time", "US", "CN", None, None, None, True),
    ]
    found = words.table(crossings(*rows), KNOWN, NAMES)
    assert found.rows() == [
        ("United States passed China", JULY, "24 Jul 2026, without an end within the days known", FLOW),
        ("China passed the United States", AUGUST, "26 May 2026 or earlier to 1 Oct 2026", FLOW),
        ("United States ahead of Germany throughout", None, None, FLOW),
        ("Neither China nor Germany stayed ahead for 14 days", None, None, FLOW),
        ("China passed the United States", LATE, "1 Oct 2026 to 1 Oct 2026", STOCK),
    ]
    crossed, standing = words.split(found)
    assert crossed["crossed_on"].to_list() == [JULY, AUGUST, LATE]
    assert standing.rows() == [
        ("United States ahead of Germany throughout", FLOW),
        ("Neither China nor Germany stayed ahead for 14 days", FLOW),
    ]
    assert words.summary(found, KNOWN) == (
        "By daily or all-time downloads, there were 3 crossovers in the 160 days known (26 May 2026 to 1 Nov "
        f"2026). {RECONSTRUCTED}"
    )


@pytest.mark.parametrize(
    ("known", "said"),
    [
        (KNOWN, "none of the countries compared passed another in the 160 days known (26 May 2026 to 1 Nov 2026). "
         + RECONSTRUCTED),
        (DaysKnown(FIRST, FIRST, 1, FIRST), "passed another in the 1 day known (26 May 2026 to 26 May 2026)."),
        (DaysKnown(FIRST, FIRST, 1, None), "passed another in the 1 day known (26 May 2026 to 26 May 2026)."),
        (None, ""),
    ],
    ids=["reconstructed", "read from the first day", "nothing read whole", "nothing known"],
)  # fmt: skip
def test_where_nobody_passed_it_is_said_of_which_days(known: DaysKnown | None, said: str) -> None:
    rows = words.table(crossings(flow("US", "CN", throughout=True), flow("CN", "US")), known, NAMES)
    assert words.summary(rows, known).endswith(said)
    assert bool(words.summary(rows, known)) == bool(said)


def test_switches_that_turn_the_lead_are_named() -> None:
    moved = {"lens": -0.01, "below_1b": 0.3, "gguf": -0.2, "repackaged": 0.0}
    assert words.reversing_switches(0.02, moved, Definition()) == [
        "counted by root instead of by publisher", "without GGUF repositories",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("pair", "countries"),
    [(("CN", "DE"), ("CN", "DE")), (("United States", "China"), ("US", "CN")), (("China", "Europe"), None)],
)
def test_crossovers_are_of_countries(pair: tuple[str, str], countries: tuple[str, str] | None) -> None:
    assert words.countries(pair) == countries


def test_new_derivatives_are_said_to_be_survivors() -> None:
    said = words.derivatives_subtitle("share", "country", 5)
    assert "counting those with more than 5 downloads" in said and "Only survivors" in said
    assert "more than" not in words.derivatives_subtitle("value", "region", 0)


def test_it_is_said_how_much_has_a_known_root() -> None:
    assert words.root_coverage((0.9, 0.985)) == (
        " The root is known of 98.5% of downloads and 90.0% of models; a model that declares no base counts as its "
        "own root."
    )
    assert words.root_coverage(None) == ""
