"""Sentences and table of crossovers, and the caveat of the overview."""

from datetime import date
from typing import Any

import polars as pl
import pytest

from dashboards.data import known_days
from dashboards.data.definition import Definition
from dashboards.data.known_days import DaysKnown
from dashboards.text import crossovers as text

NAMES = {"CN": "China", "US": "United States", "DE": "Germany", "ZZ": "International"}
FIRST, READ_FROM = date(2026, 5, 26), date(2026, 6, 24)
KNOWN = DaysKnown(FIRST, date(2026, 11, 1), 160, READ_FROM)
RECONSTRUCTED = "Readings began on 24 Jun 2026; the days up to then are reconstructed from 30-day counters."
ONE_DAY = "No crossover by daily or all-time downloads in the 1 day known (26 May 2026 to 26 May 2026)."
JULY, AUGUST, LATE = date(2026, 7, 24), date(2026, 8, 14), date(2026, 10, 1)
FLOW, STOCK = "Daily downloads (7-day mean)", "All-time downloads"
Row = tuple[Any, ...]


def crossings(*rows: Row) -> pl.DataFrame:
    """Rows of the table of crossovers."""
    schema: dict[str, Any] = {"metric": pl.String, "a": pl.String, "b": pl.String}
    schema |= dict.fromkeys(("crossed_on", "low", "high"), pl.Date) | {"is_ahead_throughout": pl.Boolean}
    schema |= {"crossed_after": pl.Date, "holds": pl.Boolean}
    return pl.DataFrame(list(rows), schema=schema, orient="row")


def flow(a: str, b: str, on: date | None = None, low: date | None = None, high: date | None = None,
         throughout: bool = False, after: date | None = None, holds: bool | None = None) -> Row:  # fmt: skip
    return ("downloads", a, b, on, low, high, throughout, after, holds)


def changes(*rows: Row) -> pl.DataFrame:
    """Rows of the table of changes of the lead."""
    return crossings(*rows).drop("low", "high", "is_ahead_throughout")


@pytest.mark.parametrize(
    ("rows", "leader", "expected"),
    [
        (
            [flow("CN", "US", AUGUST, JULY, LATE, holds=True), flow("US", "CN")],
            "CN",
            "By daily downloads, China has led the United States since 14 Aug 2026 "
            "(95% interval: 24 Jul 2026 – 1 Oct 2026).",
        ),
        (
            [flow("CN", "US", AUGUST, FIRST, None, holds=True), flow("US", "CN", LATE, holds=False)],
            "CN",
            "By daily downloads, China has led the United States since 14 Aug 2026 (95% interval: from 26 May 2026 "
            "or earlier, no end within the known days). The known days do not settle this date.",
        ),
        (
            [flow("CN", "US", AUGUST, AUGUST, AUGUST, holds=True), flow("US", "CN", JULY, JULY, JULY, holds=False)],
            "CN",
            "By daily downloads, China has led the United States since 14 Aug 2026 "
            "(95% interval: 14 Aug 2026 – 14 Aug 2026). Before that, the United States passed China on 24 Jul 2026.",
        ),
        (
            [flow("CN", "US", AUGUST, JULY, LATE, after=JULY, holds=True), flow("US", "CN", JULY, after=FIRST)],
            "CN",
            "By daily downloads, China passed the United States between 25 Jul 2026 and 14 Aug 2026, days known only "
            "as one sum, and has led since (95% interval: 24 Jul 2026 – 1 Oct 2026). "
            "Before that, the United States passed China between 27 May 2026 and 24 Jul 2026.",
        ),
        (
            [flow("US", "CN", throughout=True), flow("CN", "US")],
            "US",
            "By daily downloads, the United States has led China since the first known day, 26 May 2026 "
            "(before the first reading on 24 Jun 2026, reconstructed from 30-day counters).",
        ),
        (
            [flow("US", "CN"), flow("CN", "US", AUGUST, holds=False)],
            "US",
            "By daily downloads, the United States leads China, but not yet for 14 days.",
        ),
        (
            [flow("CN", "US", AUGUST, holds=False), flow("US", "CN")],
            "CN",
            "By daily downloads, China leads the United States, but not yet for 14 days.",
        ),
        (
            [flow("CN", "US", AUGUST, holds=True)],
            "CN",
            "By daily downloads, China has led the United States since 14 Aug 2026.",
        ),
        ([flow("CN", "DE", AUGUST, holds=True)], "CN", ""),
        ([flow("CN", "US", AUGUST, holds=True)], None, ""),
        ([], "CN", ""),
    ],
)
def test_lead_since(rows: list[Row], leader: str | None, expected: str) -> None:
    assert text.lead_since(crossings(*rows), "downloads_30d", leader, ("CN", "US"), KNOWN, NAMES) == expected


@pytest.mark.parametrize(
    ("shares", "read_from", "first_sentence"),
    [
        ((0.4, 0.35), READ_FROM,
         "In the 30 days to 24 Jun 2026 together, China had 40.0% of downloads and the United States had 35.0%."),
        (None, READ_FROM, "Most days are known only as sums over several days."),
        ((0.4, 0.35), FIRST, "Most days are known only as sums over several days."),
    ],
    ids=["first reading", "unknown shares", "read from the first day"],
)  # fmt: skip
def test_days_known_as_one_sum_date_no_lead(
    shares: tuple[float, float] | None, read_from: date, first_sentence: str
) -> None:
    known = DaysKnown(FIRST, date(2026, 6, 25), 31, read_from, is_vague=True)
    rows = crossings(flow("CN", "US"), flow("US", "CN"))
    assert text.lead_since(rows, "downloads_30d", "CN", ("CN", "US"), known, NAMES, shares) == (
        f"{first_sentence} Since when China leads the United States is not known."
    )


def test_all_time_lead_is_dated_from_the_first_reading() -> None:
    rows = crossings(
        ("downloads_all_time", "US", "CN", None, None, None, True, None, None),
        ("downloads_all_time", "CN", "US", None, None, None, False, None, None),
        flow("CN", "US", throughout=True),
    )
    assert text.lead_since(rows, "downloads_all_time", "US", ("CN", "US"), KNOWN, NAMES) == (
        "By all-time downloads, the United States has led China since the first known day, 24 Jun 2026."
    )
    assert text.lead_since(rows, "downloads_all_time", "US", ("CN", "US"), None, NAMES) == ""


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
def test_likes_and_models_have_no_crossovers(metric: str, compared: str | None) -> None:
    assert text.compared_metric(metric) == compared


ROOT = Definition(lens="root", below_1b=False)


@pytest.mark.parametrize(
    ("difference", "moved", "unknown", "definition", "expected"),
    [
        (0.09, {"lens": 0.144, "gguf": 0.11}, 0.0, Definition(),
         "Of all definitions tried, one changes the lead most: "
         "attributed to base models, China leads by 14.4 points instead of 9.0 points."),
        (0.02, {"lens": 0.03, "gguf": -0.05}, 0.9, Definition(),
         "Of all definitions tried, one changes the lead most: "
         "without GGUF repositories, the United States leads by 5.0 points instead of trailing by 2.0 points."),
        (0.02, {"below_1b": 0.06}, 0.01, ROOT,
         "Of all definitions tried, one changes the lead most: "
         "with models below 1B, China leads by 6.0 points instead of 2.0 points."),
        (0.02, {"below_1b": 0.06}, 0.2, ROOT,
         "The largest uncertainty is the 20.0% whose base model is unknown: the lead could be larger or smaller by up "
         "to 20.0 points."),
        (0.02, {"lens": 0.03, "contested": 0.12}, 0.0, Definition(),
         "Of all definitions tried, one "
         "changes the lead most: with contested organisations counted the other way, China leads by 12.0 points "
         "instead of 2.0 points."),
        (0.02, {}, 0.0, Definition(), ""),
        (0.0991, {"lens": 0.0993}, 0.0, Definition(), ""),
        (0.02, {"lens": -0.02}, 0.0, Definition(),
         "Of all definitions tried, one changes the lead most: "
         "attributed to base models, the United States leads by 2.0 points instead of trailing by 2.0 points."),
    ],
)  # fmt: skip
def test_caveat_names_the_strongest_filter(
    difference: float, moved: dict[str, float], unknown: float, definition: Definition, expected: str
) -> None:
    assert text.caveat(difference, moved, unknown, definition, ("CN", "US"), NAMES) == expected


@pytest.mark.parametrize(
    ("moved", "expected"),
    [
        (-0.05, "If contested organisations (the largest is a) are counted the other way, the United States leads by "
                "5.0 points instead of trailing by 2.0 points."),
        (0.0201, ""),
        (None, ""),
    ],
)  # fmt: skip
def test_contested_organisations_change_the_lead(moved: float | None, expected: str) -> None:
    assert text.contested(0.02, moved, "a", ("CN", "US"), NAMES) == expected


def test_table_has_every_change_and_each_pair_once() -> None:
    rows = [
        flow("CN", "US", AUGUST, FIRST, LATE, holds=True),
        flow("US", "CN", JULY, JULY, None, after=FIRST, holds=False),
        flow("DE", "US"),
        flow("US", "DE", throughout=True),
        flow("CN", "DE"),
        flow("DE", "CN"),
        ("downloads_all_time", "CN", "US", LATE, LATE, LATE, False, None, False),
        ("downloads_all_time", "US", "CN", None, None, None, False, None, None),
    ]
    history = changes(flow("CN", "US", READ_FROM, holds=False), *rows[:2])
    found = text.table(crossings(*rows), history, KNOWN, NAMES)
    assert found.rows() == [
        ("China passed the United States", READ_FROM, None, FLOW),
        ("United States passed China between 27 May 2026 and 24 Jul 2026", JULY,
         "from 24 Jul 2026, no end within the known days", FLOW),
        ("China passed the United States and has led since", AUGUST, "26 May 2026 or earlier – 1 Oct 2026", FLOW),
        ("United States led Germany throughout", None, None, FLOW),
        ("No lasting change of the lead between China and Germany can be dated", None, None, FLOW),
        ("China passed the United States", LATE, "1 Oct 2026 – 1 Oct 2026", STOCK),
    ]  # fmt: skip
    crossed, without = text.split(found)
    assert crossed["crossed_on"].to_list() == [READ_FROM, JULY, AUGUST, LATE]
    assert without.rows() == [
        ("United States led Germany throughout", FLOW),
        ("No lasting change of the lead between China and Germany can be dated", FLOW),
    ]
    assert text.summary(found, KNOWN) == (
        "4 crossovers by daily or all-time downloads in the 160 days known (26 May 2026 to 1 Nov "
        f"2026). {RECONSTRUCTED}"
    )


@pytest.mark.parametrize(
    ("known", "expected"),
    [
        (KNOWN, "No crossover by daily or all-time downloads in the 160 days known (26 May 2026 to 1 Nov 2026). "
         + RECONSTRUCTED),
        (DaysKnown(FIRST, FIRST, 1, FIRST), ONE_DAY),
        (DaysKnown(FIRST, FIRST, 1, None), ONE_DAY),
        (None, ""),
    ],
    ids=["reconstructed", "read from the first day", "no complete reading", "no days"],
)  # fmt: skip
def test_summary_without_crossovers(known: DaysKnown | None, expected: str) -> None:
    rows = text.table(crossings(flow("US", "CN", throughout=True), flow("CN", "US")), changes(), known, NAMES)
    assert text.summary(rows, known) == expected


def test_summary_of_days_known_as_one_sum_claims_nothing() -> None:
    known = DaysKnown(FIRST, date(2026, 6, 25), 31, READ_FROM, is_vague=True)
    rows = text.table(crossings(flow("US", "CN"), flow("CN", "US")), changes(), known, NAMES)
    assert text.summary(rows, known) == f"{known_days.VAGUE} {RECONSTRUCTED}"


def test_reversing_switches() -> None:
    moved = {"lens": -0.01, "below_1b": 0.3, "gguf": -0.2, "repackaged": 0.0}
    assert text.reversing_switches(0.02, moved, Definition()) == [
        "attributed to base models", "without GGUF repositories",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("pair", "countries"),
    [(("CN", "DE"), ("CN", "DE")), (("United States", "China"), ("US", "CN")), (("China", "Europe"), None)],
)
def test_regions_of_one_country_have_its_crossovers(pair: tuple[str, str], countries: tuple[str, str] | None) -> None:
    assert text.countries(pair) == countries


def test_derivatives_subtitle_names_threshold_and_survivorship() -> None:
    subtitle = text.derivatives_subtitle("vision", "share", "country", 5)
    assert subtitle.startswith("Share of new derivatives of each month (vision models), with more than 5 downloads, ")
    assert "with more than 5 downloads" in subtitle and "deleted before the first reading are missing" in subtitle
    assert "more than" not in text.derivatives_subtitle("all", "value", "region", 0)


def test_root_coverage() -> None:
    assert text.root_coverage((0.9, 0.985)) == (
        " The base model is known for 98.5% of downloads and 90.0% of models; a model that declares no base counts as "
        "its own."
    )
    assert text.root_coverage(None) == ""


@pytest.mark.parametrize(("holds", "end"), [(True, ""), (False, "; lead not kept")])
@pytest.mark.parametrize(("metric", "by"), [("downloads", ""), ("downloads_30d", " by daily downloads")])
def test_mark_says_by_what_and_whether_the_lead_lasted(holds: bool, end: str, metric: str, by: str) -> None:
    row = {"a": "CN", "b": "US", "crossed_on": AUGUST, "holds": holds}
    [event] = text.crossing_event(row, "CN", metric, NAMES).to_dicts()
    assert event["title"] == f"China passed the United States{by}{end}"
