"""Headline, titles and bars of the family page."""

from datetime import date

import polars as pl

from dashboards.charts import colours
from dashboards.data import vocabulary
from dashboards.data.definition import Definition
from dashboards.text import family, terms

NAMES = {"CN": "China", "US": "United States"}
FAMILY = {"name": "Qwen", "lab": "Alibaba", "origin": "CN"}
DAY = date(2026, 8, 22)


def layers(*rows: tuple[str, float, float | None]) -> pl.DataFrame:
    schema = {"layer": pl.String, "models": pl.Float64, "downloads_30d": pl.Float64}
    return pl.DataFrame(list(rows), schema=schema, orient="row")


def test_headline() -> None:
    table = layers(("derivative", 2_000.4, 1_000_000.0), ("release", 1.0, 500_000.0))
    assert family.headline(FAMILY, Definition(), table, 0.0954, DAY, NAMES) == (
        "Qwen, by Alibaba (China), gets 1.50M downloads, 9.5% of all (30 days to 22 Aug 2026; language models, with "
        "derivatives). Models by weight: 1 original, 2,000 fine-tunes."
    )


def test_headline_of_unknown_figures() -> None:
    assert family.headline(FAMILY, Definition(), layers(), None, DAY, NAMES) == (
        "Qwen is a family by Alibaba (China). None of its listed models match these filters."
    )
    unknown = family.headline(FAMILY, Definition(models="all"), layers(("release", 1.0, None)), None, DAY, NAMES)
    counted = "(30 days to 22 Aug 2026; models of all kinds, with derivatives)."
    assert f"gets an unknown number of downloads {counted}" in unknown


def test_families_with_one_name_have_their_id() -> None:
    families = {"a": {"name": "Yi"}, "b": {"name": "Yi"}, "c": {"name": "Qwen"}}
    assert family.family_names(families) == {"a": "Yi (a)", "b": "Yi (b)", "c": "Qwen"}


def members(**columns: list[object]) -> pl.DataFrame:
    return pl.DataFrame(columns)


def test_sizes_are_ordered_with_unknown_last() -> None:
    table = members(
        size_bucket=["5-10", None, "<1", "5-10"],
        is_gguf=[False, False, False, True],
        downloads_30d=[5.0, 1.0, 2.0, 2.0],
    )
    bars = family.by_size(table)
    assert family.size_order(bars) == ["<1B", "5-10B", "Unknown"]
    assert bars.filter(pl.col("group") == "5-10B").select("part", "value", "share").sort("part").rows() == [
        ("GGUF", 2.0, 0.2), ("Other formats", 5.0, 0.5),
    ]  # fmt: skip
    assert list(family.format_colours(bars)) == ["Other formats", "GGUF"]
    assert list(family.format_colours(bars.filter(pl.col("part") == "GGUF"))) == ["GGUF"]


def test_layer_order_omits_unknown_bars() -> None:
    table = members(layer=["other", "release", "derivative"], is_gguf=[False] * 3, downloads_30d=[1.0, 2.0, None])
    assert family.layer_order(family.by_layer(table)) == ["Original", "Other"]


def test_small_countries_are_combined() -> None:
    codes = [None, *(f"X{number}" for number in range(12)), "CN"]
    downloads = [3.0, *(float(100 - number) for number in range(12)), None]
    bars = family.by_country(members(origin=codes, downloads_30d=downloads), NAMES)
    assert bars["group"].to_list() == [*(f"X{number}" for number in range(10)), "Other countries"]
    assert bars["value"].to_list()[-1] == 90.0 + 89.0 + 3.0
    assert bars["share"].sum() == 1.0
    assert set(family.country_colours(bars).values()) == {colours.ORIGINS[vocabulary.OTHER]}


def test_country_keeps_its_colour() -> None:
    bars = family.by_country(members(origin=["CN", None], downloads_30d=[3.0, 1.0]), NAMES)
    assert family.country_colours(bars) == {
        "China": colours.ORIGINS["CN"], "Unknown": colours.ORIGINS[vocabulary.NOT_KNOWN],
    }  # fmt: skip


def test_titles_and_subtitles() -> None:
    assert (
        family.generations_title("downloads_30d", "share", "Qwen") == "Share of 30-day downloads by generation of Qwen"
    )
    assert family.generations_title("downloads_7d_mean", "value", "Qwen") == "Daily downloads by generation of Qwen"
    assert family.credited_subtitle(Definition(gguf=False), "By size.") == (
        "By size. Credited to the family of the base model, by weight; language models, all model types, without GGUF."
    )
    derivatives = family.derivatives_subtitle("language", 50)
    assert "with more than 50 all-time downloads" in derivatives
    assert derivatives.endswith("Language models, all model types and formats.")
    assert "30-day downloads of vision models to 22 Aug 2026" in family.largest_subtitle("vision", DAY)


def test_only_means_say_that_their_last_days_may_change() -> None:
    assert family.generations_subtitle(Definition(), "downloads_7d_mean").endswith(terms.MEAN_ENDS)
    assert terms.MEAN_ENDS not in family.generations_subtitle(Definition(), "downloads_30d")
