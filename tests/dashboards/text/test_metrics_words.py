"""Sentences about flows, momentum, concentration and robustness: exact, and silent about what is unknown."""

from datetime import date
from typing import Any

import polars as pl
import pytest

from dashboards.data.definition import Definition
from dashboards.data.known_days import DaysKnown
from dashboards.text import concentration, cross_origin, momentum, robustness, robustness_crossovers, terms

DAY = date(2026, 8, 22)
NAMES = {"CN": "China", "US": "United States", "FR": "France"}
DIFFERENCE = robustness.DIFFERENCE


def cells(*rows: tuple[str, str, float | None]) -> pl.DataFrame:
    """Cells of a matrix whose row shares are over 100."""
    schema = {"publisher": pl.String, "root": pl.String, "value": pl.Float64}
    frame = pl.DataFrame(list(rows), schema=schema, orient="row")
    share = pl.col("value") / 100
    return frame.with_columns(row_share=share, column_share=share)


@pytest.mark.parametrize(
    ("rows", "words"),
    [
        (
            [("CN", "CN", 90.0), ("CN", "US", 5.0), ("US", "CN", 60.0), ("ZZ", "CN", 99.0)],
            "In August 2026, the largest flow between two countries was the United States on bases of China: "
            "60 downloads, 60.0% of all that the United States published. All of it is derivatives.",
        ),
        (
            [("CN", "FR", 5.0), ("unaffiliated", "CN", 70.0), ("unaffiliated", "not_known", 90.0)],
            "In August 2026, the largest flow between two countries was China on bases of France: "
            "5 downloads, 5.0% of all that China published. All of it is derivatives. "
            "Accounts outside the registry built most on China: 70.0% of their downloads.",
        ),
        (
            [("CN", "CN", 5.0), ("other", "CN", 7.0), ("CN", "US", None)],
            "In August 2026, no large country published on the base of another.",
        ),
    ],
    ids=["two countries", "unaffiliated", "none"],
)
def test_the_largest_flow_is_between_two_countries(rows: list[Any], words: str) -> None:
    parts = {"derivative": 1.0, "repackaged": 0.0}
    assert cross_origin.headline(cells(*rows), date(2026, 8, 1), date(2026, 9, 2), "downloads", NAMES, parts) == words


def test_a_flow_of_nothing_has_no_layers_to_tell() -> None:
    said = cross_origin.headline(cells(("CN", "US", 0.0)), date(2026, 8, 1), None, "downloads", NAMES, {"release": 0.0})
    assert said.endswith("Its layers are not known.")


def test_what_is_no_single_country_stands_last() -> None:
    found = cells(("unaffiliated", "CN", 9.0), ("US", "US", 8.0), ("other", "not_known", 99.0), ("CN", "CN", 1.0))
    assert cross_origin.axis_order(found, "publisher") == ("CN", "US", "other", "unaffiliated")
    assert cross_origin.axis_order(found, "root") == ("CN", "US", "not_known")


@pytest.mark.parametrize(
    ("value", "shown", "text", "short"),
    [
        (0.0, "row_share", "0", "0"),
        (0.0004, "row_share", "<1", "<1"),
        (0.126, "column_share", "13", "13"),
        (None, "row_share", "?", "?"),
        (1_160_000.0, "value", "1.16M", "1.2M"),
        (8_460.0, "value", "8.46K", "8.5K"),
        (766_432.0, "value", "766K", "766K"),
        (24_200_000.0, "value", "24.2M", "24M"),
        (118.0, "value", "118", "118"),
        (None, "value", "unknown", "?"),
    ],
)
def test_a_number_fits_its_cell(value: float | None, shown: cross_origin.Cells, text: str, short: str) -> None:
    frame = cells(("CN", "US", 100.0)).with_columns(pl.lit(value, dtype=pl.Float64).alias(shown))
    [row] = cross_origin.matrix_cells(frame, shown, NAMES, NAMES).to_dicts()
    assert (row["text"], row["short"], row["is_own"]) == (text, short, False)


@pytest.mark.parametrize(
    ("roots", "words"),
    [
        ([("Qwen/Qwen3-8B", "CN", 1.0)], "Qwen/Qwen3-8B (China)"),
        ([("a/b", "CN", 0.75), ("c", None, 0.25)], "75% a/b (China) + 25% c (Unknown)"),
    ],
)
def test_roots_are_told_with_weights_where_there_are_several(roots: list[Any], words: str) -> None:
    told = [dict(zip(("root", "origin", "weight"), root, strict=True)) for root in roots]
    assert cross_origin.roots_text(told, NAMES) == words


@pytest.mark.parametrize(
    ("last", "until"), [(date(2026, 8, 22), " up to 22 Aug 2026"), (date(2026, 9, 1), ""), (None, "")]
)
def test_a_month_under_way_says_how_far_it_goes(last: date | None, until: str) -> None:
    said = cross_origin.matrix_subtitle(Definition(), date(2026, 8, 1), last, "models", "value")
    assert said.startswith(f"Models listed, by weight. August 2026{until}; all model types.")


def rising(*rows: tuple[str, int, float | None, int]) -> pl.DataFrame:
    """New releases with the age, RAM and strength of baseline of their latest checkpoint."""
    schema = {"repo_id": pl.String, "age_days": pl.Int32, "ram_median": pl.Float64, "bucket_models": pl.Int64}
    return pl.DataFrame(list(rows), schema=schema, orient="row")


@pytest.mark.parametrize(
    ("rows", "words"),
    [
        ([("a/b", 7, None, 3)], "No release of the last 90 days has a known RAM by this definition."),
        ([("a/b", 7, 1.0, 3)], "Of 1 release of the last 90 days with a known RAM, of any size, 0 stand above 1."),
        (
            [("a/b", 30, 2.34, 1), ("c/d", 7, 0.2, 3)],
            "Of 2 releases of the last 90 days with a known RAM, of any size, 1 stands above 1. "
            "The highest is a/b with 2.3 at 30 days, measured against 1 model of its size.",
        ),
        (
            [("a/b", 30, 9.0, 1), ("c/d", 7, 2.0, 12), ("e/f", 7, 3.0, 9)],
            "Of 3 releases of the last 90 days with a known RAM, of any size, 3 stand above 1. "
            "Of those measured against 10 models or more, the highest is c/d with 2.0 at 7 days, measured against "
            "12 models of its size.",
        ),
    ],
)
def test_what_is_on_its_way_up_is_above_the_leaders(rows: list[Any], words: str) -> None:
    assert momentum.headline(rising(*rows), "ram_median", 90) == words


def test_sizes_are_in_order_but_for_the_first() -> None:
    measured = pl.DataFrame({"size_bucket": ["<1", "1-5", "250+"], "releases": [1, 9, 2]})
    assert list(momentum.sizes(measured).values()) == ["1B to 5B", "below 1B", "250B and more"]
    assert momentum.sizes(measured.clear()) == {}


@pytest.mark.parametrize(
    ("hhi", "largest", "words"),
    [
        (
            0.25, "Alibaba",
            "On 22 Aug 2026, counted by root, the downloads of 1,204 registered labs were as concentrated as if 4.0 "
            "labs had equal shares. The largest lab (Alibaba) had 40.0%, the ten largest 90.0%. Shares are of the "
            "downloads of registered labs, which had 76.3% of all downloads on that day.",
        ),
        (None, None, "On 22 Aug 2026 the downloads of labs are unknown."),
    ],
)  # fmt: skip
def test_concentration_is_told_as_equal_ones(hhi: float | None, largest: str | None, words: str) -> None:
    row = {
        "of": "lab", "lens": "root", "members": 1204, "hhi": hhi, "effective_number": 4.0, "top1_share": 0.4,
        "top10_share": 0.9, "known_days": 4,
    }  # fmt: skip
    found = pl.DataFrame([row])
    members = pl.DataFrame({"name": [largest], "registered_share": [0.763]}) if largest else None
    assert concentration.headline(found, "lab", "root", "day", DAY, members) == words


def test_concentration_of_the_mean_says_what_it_is_a_mean_of() -> None:
    row = {
        "of": "model", "lens": "root", "members": 5000, "hhi": 0.1, "effective_number": 10.0, "top1_share": 0.2,
        "top10_share": 0.5, "known_days": 4,
    }  # fmt: skip
    found = pl.DataFrame([row])
    assert concentration.headline(found, "model", "root", "mean", DAY, None) == (
        "In the 7-day mean around 22 Aug 2026 (4 days known), counted by root, the downloads of 5,000 models were "
        "as concentrated as if 10.0 models had equal shares. The largest model had 20.0%, the ten largest 50.0%."
    )
    assert concentration.when(found, "mean", DAY) == "22 Aug 2026, mean of the 4 days known around it"
    assert concentration.when(found, "day", DAY) == "22 Aug 2026"
    assert terms.MEAN_ENDS in concentration.subtitle("lab", "hhi", "mean")
    assert terms.MEAN_ENDS not in concentration.subtitle("lab", "hhi", "day")


def headlines(**gaps: float | None) -> pl.DataFrame:
    """China less United States under definitions, the baseline first; China has half a share more than the gap."""
    rows = [
        {"number": number, "headline": headline, "definition": name.replace("_", " "), "value": value,
         "crossed_on": None, "is_ahead_throughout": False}
        for number, (name, gap) in enumerate(gaps.items(), start=1)
        for headline, value in ((DIFFERENCE, gap), ("share of China", None if gap is None else gap + 0.5))
    ]  # fmt: skip
    return pl.DataFrame(rows, schema_overrides={"crossed_on": pl.Date, "value": pl.Float64})


@pytest.mark.parametrize(
    ("gaps", "headline", "words"),
    [
        (
            {"baseline": 0.09, "only_x": 0.154, "only_y": 0.02}, DIFFERENCE,
            "Under the baseline, China is ahead of the United States by 9.0 points. "
            'Of the 2 switches tried, "only y" moves it most: -7.0 points, to +2.0 points. '
            "China is ahead under each of these 3 definitions.",
        ),
        (
            {"baseline": -0.1, "only_x": 0.05, "only_y": 0.0}, "share of China",
            "Under the baseline, the share of China is 40.0%. "
            'Of the 2 switches tried, "only x" moves it most: +15.0 points, to 55.0%. '
            'The United States is ahead under the baseline; China is ahead or level under "only x".',
        ),
        ({"baseline": None, "only_x": 0.05}, DIFFERENCE, "The baseline is unknown."),
    ],
    ids=["nobody else is ahead", "one switch turns it", "unknown"],
)  # fmt: skip
def test_the_verdict_names_the_switch_that_moves_it_most(
    gaps: dict[str, float | None], headline: str, words: str
) -> None:
    assert robustness.verdict(headlines(**gaps), headline) == words


def test_the_baseline_stands_first_among_the_crossovers_then_the_order_of_the_bars() -> None:
    found = headlines(baseline=0.1, small=0.11, large=0.9)
    shown = robustness_crossovers.rows(found, pl.DataFrame(), robustness.bars(found, DIFFERENCE), DAY)
    assert shown["told"].to_list() == ["baseline", "large", "small"]
    assert shown["text"].to_list() == ["no crossover"] * 3 and shown["low"].to_list() == [None] * 3


@pytest.mark.parametrize(
    ("gaps", "words"),
    [
        (
            {"baseline": 0.09, "only_x": 0.154, "only_y": 0.02},
            'The page Robustness tries 2 switches on the estimated downloads of 30 days: "only y" moves the lead of '
            "China over the United States most, from +9.0 points to +2.0 points; China is ahead under each of these 3 "
            "definitions.",
        ),
        (
            {"baseline": -0.1, "only_x": 0.05},
            'The page Robustness tries 1 switch on the estimated downloads of 30 days: "only x" moves the lead of '
            "China over the United States most, from -10.0 points to +5.0 points; the United States is ahead under 1 "
            "of these 2 definitions.",
        ),
        ({"baseline": None, "only_x": 0.05}, ""),
        ({"baseline": 0.05}, ""),
    ],
)
def test_other_pages_quote_what_robustness_finds(gaps: dict[str, float | None], words: str) -> None:
    assert robustness.overview_note(headlines(**gaps)) == words


FROM, LAST = date(2026, 6, 1), date(2026, 8, 22)


@pytest.mark.parametrize(
    ("crossed", "throughout", "words"),
    [
        ([None, None], [True, False], "Under none of the 2 definitions did China pass the United States in the 83 days "
         "known (1 Jun 2026 to 22 Aug 2026): it was ahead throughout under 1 of them."),
        ([None, None], [False, None], "Under none of the 2 definitions did China pass the United States in the 83 days "
         "known (1 Jun 2026 to 22 Aug 2026)."),
        ([DAY, None], [False, True], "China passed the United States under 1 of 2 definitions in the 83 days known "
         "(1 Jun 2026 to 22 Aug 2026)."),
    ],
)  # fmt: skip
def test_it_is_said_under_how_many_definitions_china_passed(
    crossed: list[date | None], throughout: list[bool | None], words: str
) -> None:
    gaps = headlines(baseline=0.1, only_x=0.2).filter(pl.col("headline") == DIFFERENCE)
    found = gaps.with_columns(
        pl.Series("crossed_on", crossed, dtype=pl.Date), pl.Series("is_ahead_throughout", throughout, dtype=pl.Boolean)
    )
    assert robustness_crossovers.summary(found, DaysKnown(FROM, LAST, 83, FROM)) == words
    assert robustness_crossovers.summary(found, None) == ""
    assert robustness_crossovers.has_crossovers(found) is (DAY in crossed)


def test_a_difference_too_small_to_show_is_0_in_the_table() -> None:
    found = robustness.table(headlines(baseline=-0.0004, only_x=0.0004, only_y=-0.02))
    assert found["difference"].to_list() == [0.0, 0.0, pytest.approx(-2.0)]


def test_a_long_definition_is_broken_into_short_lines() -> None:
    assert robustness.wrapped("each model capped at its 99th percentile").split("\n") == [
        "each model capped at",
        "its 99th percentile",
    ]
