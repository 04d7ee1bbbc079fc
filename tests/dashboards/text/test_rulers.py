"""The page of rulers in words: where the rulers agree, and where not."""

from datetime import date

import polars as pl
import pytest

from dashboards.text import rulers as words

NAMES = {"CN": "China", "US": "United States"}
LABS = {"alibaba": "Alibaba", "deepseek": "DeepSeek", "google": "Google"}


def shares(**rulers: dict[str, float]) -> pl.DataFrame:
    """Shares by ruler and code, ranked."""
    rows = [
        {"axis": axis, "code": code, "share": share, "rank": rank, "coverage": 0.5}
        for axis, of_axis in rulers.items()
        for rank, (code, share) in enumerate(sorted(of_axis.items(), key=lambda item: -item[1]), 1)
    ]
    days = {"first_day": date(2026, 11, 1), "last_day": date(2026, 11, 9)}
    return pl.DataFrame([row | days for row in rows])


@pytest.mark.parametrize(
    ("hub", "tokens", "expected"),
    [
        (
            {"CN": 0.6, "US": 0.4},
            {"CN": 0.9, "US": 0.1},
            "Both rulers put China first: 60.0% by downloads on Hugging Face and 90.0% by tokens on OpenRouter.",
        ),
        (
            {"CN": 0.6, "US": 0.4},
            {"CN": 0.2, "US": 0.8},
            "The rulers disagree on the first country: China is first with 60.0% by downloads on Hugging Face and the "
            "United States is first with 80.0% by tokens on OpenRouter.",
        ),
    ],
)
def test_headline_says_whether_the_first_country_is_the_same(
    hub: dict[str, float], tokens: dict[str, float], expected: str
) -> None:
    labs = shares(huggingface={"alibaba": 0.6, "google": 0.4}, openrouter={"alibaba": 1.0})
    found = words.headline(shares(huggingface=hub, openrouter=tokens), labs, NAMES, LABS)
    assert found.startswith(expected)


def test_headline_names_the_lab_that_differs_most() -> None:
    origins = shares(huggingface={"CN": 1.0}, openrouter={"CN": 1.0})
    labs = shares(
        huggingface={"alibaba": 0.7, "deepseek": 0.1, "google": 0.2}, openrouter={"deepseek": 0.6, "alibaba": 0.4}
    )
    found = words.headline(origins, labs, NAMES, LABS)
    assert "They disagree on the first lab: Alibaba by downloads on Hugging Face but DeepSeek by tokens" in found
    assert found.endswith(
        "The largest difference is DeepSeek: 60.0% by tokens on OpenRouter, 10.0% by downloads on Hugging Face."
    )


def test_table_has_places_only_where_both_rulers_count() -> None:
    labs = shares(huggingface={"alibaba": 0.7, "google": 0.3}, openrouter={"deepseek": 0.6, "alibaba": 0.4})
    found = words.lab_rows(labs, LABS).select("lab", "rank_huggingface", "rank_openrouter", "places_openrouter")
    assert sorted(found.rows()) == [("Alibaba", 1, 2, -1), ("DeepSeek", None, 1, None), ("Google", 2, None, None)]


def test_countries_without_a_colour_are_one_part() -> None:
    found = words.origin_parts(shares(huggingface={"CN": 0.6, "FR": 0.3, "JP": 0.1}), ["CN"], NAMES)
    assert found.select("part", "share").rows() == [("China", 0.6), ("Other countries", pytest.approx(0.4))]


def test_share_of_labs_is_explained_by_their_part_of_all() -> None:
    origins = shares(huggingface={"CN": 0.6, "US": 0.4}, openrouter={"US": 1.0})
    said = words.part_of_all(origins, 0.5, NAMES)
    assert "China has 60.0% of the downloads of registered labs, which is 30.0% of all downloads" in said
    assert not words.part_of_all(origins.filter(pl.col("axis") != words.HUB), 0.5, NAMES)


def test_subtitle_names_a_ruler_that_has_fewer_days() -> None:
    known = shares(huggingface={"CN": 1.0}, providers={"CN": 1.0}).with_columns(days=pl.Series([9, 6]))
    assert words.subtitle(known) == (
        "Open weights of registered labs, 9 days from 1 Nov 2026 to 9 Nov 2026. Known part of each total: "
        f"{words.ruler_name('huggingface')}: 50.0%; {words.ruler_name('providers')}: 50.0% (6 days only)."
    )
