"""Sentences written from the data: neutral, exact, and silent about what is unknown."""

from datetime import date

import polars as pl
import pytest

from dashboards.data import vocabulary
from dashboards.data.definition import Definition
from dashboards.data.warehouse import Build
from dashboards.text import footnotes, models, terms
from dashboards.text import overview as words

DAY = date(2026, 8, 22)
NAMES = {"CN": "China", "US": "United States", "FR": "France", "unaffiliated": "Unaffiliated", "ZZ": "International"}


def latest(*rows: tuple[str, float | None, float | None]) -> pl.DataFrame:
    """Groups of the last day with share and its change."""
    return pl.DataFrame(
        list(rows), schema={"code": pl.String, "share": pl.Float64, "share_change": pl.Float64}, orient="row"
    )


def coverage(*rows: tuple[str, bool | None, int | None, int | None]) -> pl.DataFrame:
    """What was read of the last day."""
    return pl.DataFrame(
        list(rows),
        schema={"scope": pl.String, "is_complete": pl.Boolean, "models": pl.Int64, "refused": pl.Int64},
        orient="row",
    )


def test_the_headline_names_the_two_largest_countries_and_their_difference() -> None:
    table = latest(
        ("unaffiliated", 0.5, 0.1), ("CN", 0.2, 0.02), ("ZZ", 0.15, 0.0), ("US", 0.1, -0.01), ("FR", 0.05, 0)
    )
    assert words.headline(table, "publisher", "downloads_30d", DAY, NAMES) == (
        "On 22 Aug 2026, of all 30-day downloads counted by publisher, China had 20.0% "
        "and the United States had 10.0%. "
        "The difference is 10.0 points; 30 days earlier it was 7.0 points. "
        "Another 65.0% counts for no country: international or undisclosed publishers (15.0%) and accounts outside "
        "the registry (50.0%); that is more than the difference."
    )


def test_the_headline_by_root_names_its_lens_and_what_has_no_known_root() -> None:
    table = latest(("not_known", 0.6, 0.1), ("CN", 0.3, None), ("unaffiliated", 0.1, None))
    assert words.headline(table, "root", "downloads_7d_mean", DAY, NAMES) == (
        "On 22 Aug 2026, of all daily downloads counted by root, China had 30.0%. "
        "Another 70.0% counts for no country: roots made outside the registry (10.0%) and models whose root is not "
        "known (60.0%)."
    )


def test_a_lead_that_was_another_countrys_30_days_earlier_is_told() -> None:
    table = latest(("CN", 0.5, 0.2), ("US", 0.4, -0.05), ("ZZ", 0.05, 0.0))
    assert words.headline(table, "publisher", "likes", DAY, NAMES).endswith(
        "The difference is 10.0 points; 30 days earlier the United States was ahead by 15.0 points. "
        "Another 5.0% counts for no country: international or undisclosed publishers; that is less than the "
        "difference."
    )


@pytest.mark.parametrize(
    ("shares", "is_rounded"),
    [
        ({"CN": 0.3725, "US": 0.2851}, False),
        ({"CN": 0.3726, "US": 0.28525}, True),
        ({"CN": 0.5, "US": 0.3, "ZZ": 0.0914, "unaffiliated": 0.1414}, True),
        ({"CN": 0.5, "US": 0.3, "ZZ": 0.09, "unaffiliated": 0.11}, False),
        ({"CN": 0.5}, False),
    ],
)
def test_where_figures_do_not_add_up_as_printed_they_are_said_to_be_rounded(
    shares: dict[str, float], is_rounded: bool
) -> None:
    table = latest(*((code, share, None) for code, share in shares.items()))
    assert words.headline(table, "publisher", "likes", DAY, NAMES).endswith(words.ROUNDED) is is_rounded


def test_a_change_too_small_to_show_is_0_in_the_table() -> None:
    table = latest(("CN", 0.5, 0.0004), ("US", 0.4, -0.0004), ("FR", 0.1, -0.0006), ("KR", 0.0, None))
    table = table.with_columns(pl.lit(1).alias(name) for name in vocabulary.METRIC_NAMES)
    changes = words.table(table, NAMES | {"KR": "South Korea"})["share_change"].to_list()
    assert changes == [0.0, 0.0, pytest.approx(-0.06), None]


def test_a_chart_of_means_says_that_its_last_days_may_change() -> None:
    assert words.subtitle(Definition(), "downloads_7d_mean", "share").endswith(terms.MEAN_ENDS)
    assert terms.METRIC_MEANINGS["downloads_7d_mean"].endswith(terms.MEAN_ENDS)
    assert terms.metric_note("likes").endswith(terms.MEAN_ENDS)
    assert terms.metric_note("downloads_7d_mean").count(terms.MEAN_ENDS) == 1


def test_shares_of_all_time_downloads_are_not_said_to_be_of_all_all_time_downloads() -> None:
    assert "of all-time downloads counted by" in words.headline(
        latest(("CN", 0.5, None)), "publisher", "downloads_all_time", DAY, NAMES
    )


@pytest.mark.parametrize(("lens", "name"), [("publisher", "Publisher not known"), ("root", "Root not known")])
def test_what_has_no_known_origin_is_named_by_its_lens(lens: str, name: str) -> None:
    named = words.group_names(lens, "region", {}, ("China", "Unknown", "not_known"))
    assert named == {"China": "China", "Unknown": "Unknown region", "not_known": name}


def test_the_headline_is_silent_about_a_past_that_is_unknown() -> None:
    table = latest(("US", 0.7, None), ("CN", 0.3, 0.1))
    assert words.headline(table, "publisher", "likes", DAY, NAMES) == (
        "On 22 Aug 2026, of all likes counted by publisher, the United States had 70.0% and China had 30.0%. "
        "The difference is 40.0 points."
    )


def test_the_headline_of_one_country_compares_it_with_nobody() -> None:
    assert words.headline(latest(("FR", 1.0, None)), "publisher", "models", DAY, NAMES) == (
        "On 22 Aug 2026, of all models counted by publisher, France had 100.0%."
    )


def test_the_headline_says_where_nothing_is_known() -> None:
    assert words.headline(latest(("CN", None, None)), "publisher", "likes", DAY, NAMES) == (
        "On 22 Aug 2026 the Hub's figures for likes are unknown."
    )
    assert words.headline(latest(("unaffiliated", 1.0, None)), "publisher", "likes", DAY, NAMES) == (
        "On 22 Aug 2026 no likes were counted under a country of the publisher."
    )


def test_the_header_says_whether_the_crawl_was_complete() -> None:
    build = Build("2026-08-22 12:00:00", "0.1.0", DAY, False)
    assert footnotes.header(build, coverage(("labs", False, 1204, 1), ("hub", True, 3, 0))) == (
        "As of 22 Aug 2026. 1,204 models read, incomplete, 1 row set aside. "
        "Scope: models of the registered organisations."
    )
    assert footnotes.header(build, coverage(("recorded", None, None, None))) == (
        "As of 22 Aug 2026. number of models unknown, coverage unknown. Scope: recorded listings."
    )
    assert footnotes.header(build, coverage()) == (
        "As of 22 Aug 2026. Nothing is recorded about the coverage of this day."
    )


def test_the_footnote_says_what_is_simulated_and_what_is_missing() -> None:
    build = Build("2026-08-22 12:00:00", "0.1.0", DAY, True)
    text = footnotes.footnote(build, coverage(("hub", True, 5, 0)), "root", missing_days=1)
    assert text.startswith("Simulated data, not the real Hub. As of 22 Aug 2026.")
    assert "1 day without data left blank. Lens: root. Source:" in text


def test_origins_and_layers_without_a_name_are_shown_as_stored() -> None:
    assert terms.origin_name(None, {}) == "Unknown"
    assert terms.origin_name("XX", {}) == "XX"
    assert vocabulary.layer_name("newly-invented") == "newly-invented"


def test_the_table_says_how_much_of_it_is_shown() -> None:
    assert models.rows_shown(100, 8000, "Newest") == (
        "The first 100 of 8,000 models, newest first. Tick a row to open its model."
    )
    assert models.rows_shown(1, 1, "Likes") == "1 model, by likes. Tick a row to open its model."


@pytest.mark.parametrize(
    ("definition", "said"),
    [
        (Definition(), "all model types"),
        (Definition(layers=("release", "other")), "only original, other"),
        (Definition(layers=()), "only no model type"),
        (Definition(below_1b=False), "all model types, without models below 1B"),
        (Definition(layers=("release",), gguf=False), "only original, without GGUF"),
        (Definition(below_1b=False, gguf=False), "all model types, without models below 1B, without GGUF"),
    ],
)
def test_a_definition_says_what_it_counts(definition: Definition, said: str) -> None:
    assert definition.counted() == said
    assert words.subtitle(definition, "likes", "value").endswith(f"; {said}.")
