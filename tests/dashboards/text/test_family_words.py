"""What is said of a family: who makes it, what it is credited with, what is not known."""

from datetime import date

import polars as pl

from dashboards.charts import colours
from dashboards.data import vocabulary
from dashboards.data.definition import Definition
from dashboards.text import family as words
from dashboards.text import terms

NAMES = {"CN": "China", "US": "United States"}
FAMILY = {"name": "Qwen", "lab": "Alibaba", "origin": "CN"}
DAY = date(2026, 8, 22)


def layers(*rows: tuple[str, float, float | None]) -> pl.DataFrame:
    schema = {"layer": pl.String, "models": pl.Float64, "downloads_30d": pl.Float64}
    return pl.DataFrame(list(rows), schema=schema, orient="row")


def test_the_headline_says_maker_credit_share_and_what_goes_back_to_it() -> None:
    table = layers(("derivative", 2_000.4, 1_000_000.0), ("release", 1.0, 500_000.0))
    assert words.headline(FAMILY, table, 0.0954, DAY, NAMES) == (
        "Qwen, by Alibaba (China), is credited with 1.50M downloads in the 30 days to 22 Aug 2026, 9.5% of all. "
        "What goes back to it, by weight: 1 release, 2,000 derivatives."
    )


def test_the_headline_says_what_is_not_known() -> None:
    assert words.headline(FAMILY, layers(), None, DAY, NAMES) == (
        "Qwen is a family by Alibaba (China). No listed model of the chosen kinds goes back to it."
    )
    assert "credited with unknown downloads in the 30 days to 22 Aug 2026. What" in words.headline(
        FAMILY, layers(("release", 1.0, None)), None, DAY, NAMES
    )


def test_families_of_one_name_are_told_apart() -> None:
    families = {"a": {"name": "Yi"}, "b": {"name": "Yi"}, "c": {"name": "Qwen"}}
    assert words.family_names(families) == {"a": "Yi (a)", "b": "Yi (b)", "c": "Qwen"}


def members(**columns: list[object]) -> pl.DataFrame:
    return pl.DataFrame(columns)


def test_sizes_stand_in_their_order_the_unknown_last_and_formats_apart() -> None:
    table = members(
        size_bucket=["5-10", None, "<1", "5-10"],
        is_gguf=[False, False, False, True],
        downloads_30d=[5.0, 1.0, 2.0, 2.0],
    )
    bars = words.by_size(table)
    assert words.size_order(bars) == ["<1B", "5-10B", "Not known"]
    assert bars.filter(pl.col("group") == "5-10B").select("part", "value", "share").sort("part").rows() == [
        ("GGUF", 2.0, 0.2), ("Other formats", 5.0, 0.5),
    ]  # fmt: skip
    assert list(words.format_colours(bars)) == ["Other formats", "GGUF"]
    assert list(words.format_colours(bars.filter(pl.col("part") == "GGUF"))) == ["GGUF"]


def test_layers_stand_in_the_order_of_the_field() -> None:
    table = members(layer=["other", "release", "derivative"], is_gguf=[False] * 3, downloads_30d=[1.0, 2.0, None])
    assert words.layer_order(words.by_layer(table)) == ["Original", "Other"], "what is not known is no bar of 0"


def test_small_countries_are_one_bar_and_unknown_downloads_none() -> None:
    codes = [None, *(f"X{number}" for number in range(12)), "CN"]
    downloads = [3.0, *(float(100 - number) for number in range(12)), None]
    bars = words.by_country(members(origin=codes, downloads_30d=downloads), NAMES)
    assert bars["group"].to_list() == [*(f"X{number}" for number in range(10)), "Other countries"]
    assert bars["value"].to_list()[-1] == 90.0 + 89.0 + 3.0
    assert bars["share"].sum() == 1.0
    assert set(words.country_colours(bars).values()) == {colours.ORIGINS[vocabulary.OTHER]}


def test_a_country_keeps_its_colour() -> None:
    bars = words.by_country(members(origin=["CN", None], downloads_30d=[3.0, 1.0]), NAMES)
    assert words.country_colours(bars) == {
        "China": colours.ORIGINS["CN"], "Unknown": colours.ORIGINS[vocabulary.NOT_KNOWN],
    }  # fmt: skip


def test_titles_and_subtitles_say_what_is_counted() -> None:
    assert (
        words.generations_title("downloads_30d", "share", "Qwen") == "Share of 30-day downloads by generation of Qwen"
    )
    assert words.generations_title("downloads_7d_mean", "value", "Qwen") == "Daily downloads by generation of Qwen"
    assert words.credited_subtitle(Definition(gguf=False), "By size.") == (
        "By size. Credited to the family of the root model, by weight; all model types, without GGUF."
    )
    assert "with more than 50 all-time downloads" in words.derivatives_subtitle(50)


def test_the_mean_of_generations_says_that_its_last_days_may_change() -> None:
    assert words.generations_subtitle(Definition(), "downloads_7d_mean").endswith(terms.MEAN_ENDS)
    assert terms.MEAN_ENDS not in words.generations_subtitle(Definition(), "downloads_30d")
