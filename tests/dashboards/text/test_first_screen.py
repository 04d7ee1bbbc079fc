"""The heading, tiles and caveats of the first screen."""

from datetime import UTC, date, datetime
from typing import Any

import polars as pl
import pytest

from dashboards.data.definition import Definition
from dashboards.data.warehouse import Build
from dashboards.text import first_screen as words
from dashboards.text import footnotes
from dashboards.text.first_screen import Named

CHINA, US, SPAIN = Named("China", "Chinese"), Named("United States", "US"), Named("Spain")
PAIR = ("CN", "US")
NAMES = {"CN": CHINA, "US": US}
COLOURS = {"CN": "#d80c18", "US": "#306cc0"}


@pytest.mark.parametrize(
    ("definition", "metric", "said"),
    [
        (
            Definition(),
            "downloads_30d",
            "Chinese labs' models get 46.1% of language-model downloads on Hugging Face, US labs' 37.2%",
        ),
        (
            Definition("root", "encoder"),
            "downloads_7d_mean",
            "Chinese base models and their derivatives get 46.1% of daily encoder downloads on Hugging Face, "
            "US ones 37.2%",
        ),
        (Definition(models="all"), "likes", "Chinese labs' models have 46.1% of likes on Hugging Face, US labs' 37.2%"),
        (
            Definition(gguf=False),
            "models",
            "Chinese labs' models make up 46.1% of language models on Hugging Face "
            "(counting all model types, without GGUF), US labs' 37.2%",
        ),
    ],
    ids=["publisher", "base model", "all", "filtered"],
)
def test_heading_is_the_finding(definition: Definition, metric: str, said: str) -> None:
    shares = [(CHINA, 0.461), (US, 0.372)]
    assert words.heading(shares, definition, metric, is_whole_hub=True, is_of_labs=False) == said


def test_heading_names_countries_without_an_adjective() -> None:
    shares = [(US, 0.461), (SPAIN, 0.01)]
    found = words.heading(shares, Definition(), "downloads_30d", is_whole_hub=False, is_of_labs=False)
    assert found == (
        "Models from the United States get 46.1% of the language-model downloads counted here, from Spain 1.0%"
    )
    found = words.heading(shares, Definition(), "downloads_30d", is_whole_hub=False, is_of_labs=True)
    assert "of the language-model downloads of registered organisations" in found


@pytest.mark.parametrize(
    ("before", "days", "note"),
    [
        ({"CN": 0.457, "US": 0.374}, 30, "30-day change: +0.4/-0.2 points"),
        ({"CN": 0.461, "US": 0.3724}, 30, "30-day change: 0.0/0.0 points"),
        ({"CN": 0.457, "US": 0.374}, 3, "3-day change: +0.4/-0.2 points"),
        ({"US": 0.374}, 30, "30-day change: +46.1/-0.2 points"),
        ({"CN": None, "US": 0.374}, 30, "30-day change unknown"),
        ({}, 30, "30-day change unknown"),
    ],
    ids=["both", "rounded to zero", "fewer days", "a country without models before", "one unknown", "unknown"],
)
def test_share_tile_has_changes_of_both(before: dict[str, float | None], days: int, note: str) -> None:
    tile = words.share_tile("publisher", {"CN": 0.461, "US": 0.372}, before, days, PAIR, NAMES, COLOURS)
    assert tile.figures == (("Chinese", "46.1%", "#d80c18"), ("US", "37.2%", "#306cc0"))
    assert (tile.label, tile.note) == ("By publisher", note)


def test_share_tile_leaves_models_first_read_since_out_of_the_change() -> None:
    shares, before = {"CN": 0.461, "US": 0.372}, {"CN": 0.457, "US": 0.374}
    tile = words.share_tile("root", shares, before, 30, PAIR, NAMES, COLOURS, {"CN": 0.45, "US": 0.372})
    assert tile.note == "30-day change, same models: -0.7/-0.2 points"
    unmoved = words.share_tile("root", shares, before, 30, PAIR, NAMES, COLOURS, {"CN": 0.4613, "US": 0.372})
    assert unmoved.note == "30-day change: +0.4/-0.2 points", "the difference does not show"


def test_share_tile_of_unknown_shares_is_unknown() -> None:
    tile = words.share_tile("root", {"CN": 0.5, "US": None}, {"CN": 0.5}, 30, PAIR, NAMES, COLOURS)
    assert [figure for _, figure, _ in tile.figures] == ["50.0%", "unknown"]
    assert (tile.label, tile.note) == ("By base model", "30-day change unknown")


def test_derivatives_tile_compares_months() -> None:
    months = pl.DataFrame(
        [(date(2026, 9, 1), "CN", 0.5), (date(2026, 9, 1), "US", 0.3), (date(2026, 10, 1), "CN", 0.6)],
        schema={"day": pl.Date, "code": pl.String, "share": pl.Float64},
        orient="row",
    )
    tile = words.derivatives_tile(months, PAIR, NAMES, COLOURS)
    assert tile.label == "New derivatives, Oct"
    assert [figure for _, figure, _ in tile.figures] == ["60.0%", "0.0%"]
    assert tile.note == "Change: +10.0/-30.0 points"
    one = words.derivatives_tile(months.head(2), PAIR, NAMES, COLOURS)
    assert one.note == "Change unknown"
    assert words.derivatives_tile(months.clear(), PAIR, NAMES, COLOURS).figures == (("", "unknown", ""),)


def crossed(**changes: Any) -> dict[str, Any]:
    day = date(2026, 10, 20)
    found = {
        "metric": "downloads",
        "a": "CN",
        "b": "US",
        "crossed_on": day,
        "crossed_after": date(2026, 10, 19),
        "low": None,
        "high": None,
    }
    return {**found, "is_ahead_throughout": False, "holds": True, **changes}


@pytest.mark.parametrize(
    ("rows", "figure", "note"),
    [
        ([crossed()], "20 Oct 2026", "China ahead"),
        ([crossed(holds=False)], "20 Oct 2026", "China passed; lead not kept"),
        (
            [crossed(low=date(2026, 10, 2), high=date(2026, 11, 3)), crossed(a="US", b="CN", crossed_on=None)],
            "20 Oct 2026",
            "China ahead; 95%: 2 Oct–3 Nov",
        ),
        (
            [crossed(crossed_after=date(2026, 9, 1), low=date(2026, 9, 2))],
            "by 20 Oct 2026",
            "China ahead; 95%: 2 Sep–open",
        ),
        ([crossed(crossed_on=None, is_ahead_throughout=True)], "None", "China ahead throughout"),
        ([crossed(crossed_on=None)], "None dated", "No lasting change"),
        ([], "None dated", "Too few days"),
    ],
    ids=["day", "not held", "interval", "span", "throughout", "no change", "no days"],
)
def test_crossover_tile(rows: list[dict[str, Any]], figure: str, note: str) -> None:
    tile = words.crossover_tile(rows, {"CN": "China", "US": "United States"})
    label = "Last crossover, daily" if rows else "Last crossover"
    assert (tile.label, tile.figures, tile.note) == (label, (("", figure, ""),), note)


@pytest.mark.parametrize(
    ("read_at", "now", "text", "is_old"),
    [
        (
            datetime(2026, 11, 20, 10, tzinfo=UTC),
            datetime(2026, 11, 20, 10, 59, tzinfo=UTC),
            "less than an hour",
            False,
        ),
        (datetime(2026, 11, 20, 10, tzinfo=UTC), datetime(2026, 11, 20, 13, 5, tzinfo=UTC), "3 hours", False),
        (datetime(2026, 11, 20, 10, tzinfo=UTC), datetime(2026, 11, 21, 22, tzinfo=UTC), "36 hours", True),
        (datetime(2026, 11, 20, 10, tzinfo=UTC), datetime(2026, 11, 23, 22, tzinfo=UTC), "3 days", True),
        (datetime(2026, 12, 20, 10, tzinfo=UTC), datetime(2026, 12, 20, 12, tzinfo=UTC), "29 days", True),
        (None, datetime(2026, 11, 21, 1, tzinfo=UTC), "1 hour", False),
    ],
    ids=["now", "hours", "old", "days", "recorded earlier", "unknown reading"],
)
def test_age_is_that_of_the_data(read_at: datetime | None, now: datetime, text: str, is_old: bool) -> None:
    build = Build("2026-11-20", None, date(2026, 11, 20), is_simulated=False)
    assert footnotes.age(build, read_at, now) == (f"Updated {text} ago", is_old)


def test_age_of_simulated_data_is_their_day() -> None:
    build = Build("2026-11-20", None, date(2026, 11, 20), is_simulated=True)
    assert footnotes.age(build, None, datetime(2027, 1, 1, tzinfo=UTC)) == ("20 Nov 2026", False)
