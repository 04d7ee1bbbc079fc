"""Headline, titles and tables of the overview."""

from datetime import date

import polars as pl
import pytest

from dashboards.data import vocabulary
from dashboards.data.definition import Definition
from dashboards.text import contributors, crossovers, overview, terms

DAY = date(2026, 8, 22)
NAMES = {"CN": "China", "US": "United States", "FR": "France", "unaffiliated": "Unaffiliated", "ZZ": "International"}
Leads = dict[str, float]


def latest(*rows: tuple[str, float | None, float | None]) -> pl.DataFrame:
    """Groups of the last day: code, share and its change."""
    return pl.DataFrame(
        list(rows), schema={"code": pl.String, "share": pl.Float64, "share_change": pl.Float64}, orient="row"
    )


def headline(
    table: pl.DataFrame,
    metric: str = "likes",
    definition: Definition | None = None,
    *,
    is_whole_hub: bool = True,
    is_of_labs: bool = False,
    wanted: tuple[str, str] | None = None,
) -> str:
    scope = {"is_whole_hub": is_whole_hub, "is_of_labs": is_of_labs}
    return overview.headline(table, definition or Definition(), metric, DAY, NAMES, **scope, wanted=wanted)


def test_headline_by_publisher() -> None:
    table = latest(
        ("unaffiliated", 0.5, 0.1), ("CN", 0.2, 0.02), ("ZZ", 0.15, 0.0), ("US", 0.1, -0.01), ("FR", 0.05, 0)
    )
    assert headline(table, "downloads_30d") == (
        "Models from China get 20.0% of downloads of language models on Hugging Face; models from the United States "
        "get 10.0% (30 days to 22 Aug 2026). The lead is 10.0 points; 30 days earlier it was 7.0 points. "
        "Next: France 5.0%. Another 65.0% has no country: international or undisclosed publishers (15.0%) and accounts "
        "outside the registry (50.0%); that is more than the lead."
    )


def test_headline_by_base_model() -> None:
    table = latest(("not_known", 0.6, 0.1), ("CN", 0.3, None), ("unaffiliated", 0.1, None))
    assert headline(table, "downloads_7d_mean", Definition(lens="root")) == (
        "Base models from China, with their derivatives, get 30.0% of daily downloads of language models on "
        "Hugging Face (7-day mean around 22 Aug 2026). "
        "Another 70.0% has no country: base models from outside the registry (10.0%) and models whose base model is "
        "unknown (60.0%)."
    )


def test_headline_names_scope_and_filters() -> None:
    definition = Definition(layers=("release",), gguf=False)
    assert headline(latest(("CN", 0.5, None)), "downloads_all_time", definition, is_whole_hub=False) == (
        "Models from China have 50.0% of the all-time downloads of language models counted here "
        "(as of 22 Aug 2026; counting only original, without GGUF)."
    )


def test_headline_of_labs_says_so() -> None:
    text = headline(latest(("CN", 0.5, None)), "downloads_30d", is_whole_hub=False, is_of_labs=True)
    assert "get 50.0% of the downloads of language models of registered organisations (30 days" in text


@pytest.mark.parametrize(
    ("models", "metric", "counted"),
    [
        ("language", "downloads_30d", "get 50.0% of downloads of language models on Hugging Face"),
        ("vision", "likes", "have 50.0% of likes of vision models on Hugging Face"),
        ("encoder", "downloads_30d", "get 50.0% of downloads of encoders on Hugging Face"),
        ("audio", "models", "make up 50.0% of audio models on Hugging Face"),
        ("all", "downloads_30d", "get 50.0% of downloads on Hugging Face"),
        ("all", "models", "make up 50.0% of models on Hugging Face"),
    ],
)
def test_headline_names_the_models_counted(models: str, metric: str, counted: str) -> None:
    text = headline(latest(("CN", 0.5, None)), metric, Definition(models=models))
    assert text.startswith(f"Models from China {counted} (")


def test_headline_compares_the_pair_in_any_order() -> None:
    table = latest(("FR", 0.5, 0.0), ("US", 0.2, 0.0), ("CN", 0.1, 0.0))
    assert overview.compared(table, ("CN", "US")) == ("US", "CN")
    assert headline(table, wanted=("CN", "US")) == (
        "Models from the United States have 20.0% of likes of language models on Hugging Face; models from China have "
        "10.0% (as of 22 Aug 2026). The lead is 10.0 points; 30 days earlier it was 10.0 points. Next: France 50.0%."
    )


def test_headline_gives_a_country_without_models_zero() -> None:
    table = latest(("FR", 0.5, 0.0), ("CN", 0.5, 0.0))
    assert overview.compared(table, ("CN", "US")) == ("CN", "US")
    assert "models from the United States have 0.0% (as of" in headline(table, wanted=("CN", "US"))


def test_country_of_unknown_share_is_left_out() -> None:
    table = latest(("CN", 0.6, 0.0), ("FR", 0.4, 0.0), ("US", None, None))
    assert overview.compared(table, ("CN", "US")) is None
    assert headline(table, wanted=("CN", "US")).startswith(
        "Models from China have 60.0% of likes of language models on Hugging Face (as of 22 Aug 2026). Next: France"
    )
    table = latest(("FR", 0.4, 0.0), ("US", None, None), ("CN", None, None))
    assert headline(table, wanted=("CN", "US")) == "The likes of these countries on 22 Aug 2026 are unknown."


def test_headline_of_two_countries_without_models_says_zero() -> None:
    table = latest(("FR", 1.0, 0.0))
    assert "have 0.0% of likes" in headline(table, wanted=("CN", "US"))


def test_headline_names_an_earlier_leader() -> None:
    table = latest(("CN", 0.5, 0.2), ("US", 0.4, -0.05), ("ZZ", 0.05, 0.0))
    assert headline(table).endswith(
        "The lead is 10.0 points; 30 days earlier the United States led by 15.0 points. "
        "Another 5.0% has no country: international or undisclosed publishers; that is less than the lead."
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
def test_headline_mentions_rounding_only_where_it_shows(shares: dict[str, float], is_rounded: bool) -> None:
    table = latest(*((code, share, None) for code, share in shares.items()))
    assert headline(table).endswith(overview.ROUNDED) is is_rounded


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        (
            [("US", 0.7, None), ("CN", 0.3, 0.1)],
            "Models from the United States have 70.0% of likes of language models on Hugging Face; models from China "
            "have 30.0% (as of 22 Aug 2026). The lead is 40.0 points.",
        ),
        (
            [("FR", 1.0, None)],
            "Models from France have 100.0% of likes of language models on Hugging Face (as of 22 Aug 2026).",
        ),
        ([("CN", None, None)], "The likes of 22 Aug 2026 are unknown."),
        ([("unaffiliated", 1.0, None)], "No likes are attributed to a country on 22 Aug 2026 (by publisher)."),
    ],
    ids=["past unknown", "one country", "unknown", "no country"],
)
def test_headline_of_incomplete_figures(rows: list[tuple[str, float | None, float | None]], expected: str) -> None:
    assert headline(latest(*rows)) == expected


def test_small_changes_are_zero_in_the_table() -> None:
    table = latest(("CN", 0.5, 0.0004), ("US", 0.4, -0.0004), ("FR", 0.1, -0.0006), ("KR", 0.0, None))
    table = table.with_columns(pl.lit(1).alias(name) for name in vocabulary.METRIC_NAMES)
    changes = overview.table(table, NAMES | {"KR": "South Korea"})["share_change"].to_list()
    assert changes == [0.0, 0.0, pytest.approx(-0.06), None]


def test_means_say_that_their_last_days_may_change() -> None:
    assert overview.subtitle(Definition(), "downloads_7d_mean", "share").endswith(terms.MEAN_ENDS)
    assert terms.METRIC_MEANINGS["downloads_7d_mean"].endswith(terms.MEAN_ENDS)


@pytest.mark.parametrize(("lens", "name"), [("publisher", "Publisher unknown"), ("root", "Base model unknown")])
def test_unknown_group_is_named_by_lens(lens: str, name: str) -> None:
    named = overview.group_names(lens, "region", {}, ("China", "Unknown", "not_known"))
    assert named == {"China": "China", "Unknown": "Unknown region", "not_known": name}


@pytest.mark.parametrize(
    ("definition", "counted"),
    [
        (Definition(), "language models, all model types"),
        (Definition(models="all"), "models of all kinds, all model types"),
        (Definition(models="encoder"), "encoders, all model types"),
        (Definition(layers=("release", "other")), "language models, only original, other"),
        (Definition(layers=()), "language models, only no model type"),
        (Definition(below_1b=False), "language models, all model types, without models below 1B"),
        (Definition(models="audio", layers=("release",), gguf=False), "audio models, only original, without GGUF"),
        (
            Definition(below_1b=False, gguf=False),
            "language models, all model types, without models below 1B, without GGUF",
        ),
    ],
)
def test_subtitle_names_the_filters(definition: Definition, counted: str) -> None:
    assert definition.counted() == counted
    assert overview.subtitle(definition, "likes", "value").endswith(f"; {counted}.")


@pytest.mark.parametrize(
    ("metrics", "layers", "switches", "expected"),
    [
        (
            {"downloads_7d_mean": 0.1, "downloads_all_time": -0.06, "likes": -0.03, "models": -0.1},
            {"release": 9.0, "derivative": -1.0, "repackaged": -2.0},
            [],
            "Other counts put the United States ahead of China on 22 Aug 2026: all-time downloads, likes and models; "
            "30-day downloads of fine-tunes alone and quantized copies alone.",
        ),
        (
            {"likes": -0.03},
            {},
            ["attributed to base models", "without GGUF repositories"],
            "Other counts put the United States ahead of China on 22 Aug 2026: likes; 30-day downloads attributed to "
            "base models or without GGUF repositories.",
        ),
        (
            {"likes": 0.03, "models": 0.1},
            {"all": -4.0},
            [],
            "Other counts put the United States ahead of China on 22 Aug 2026: 30-day downloads of all model types "
            "together.",
        ),
        (
            {"likes": 0.03, "models": 0.1},
            {"release": 9.0, "other": 0.5},
            [],
            "Other counts agree that China leads the United States on 22 Aug 2026: likes and models; 30-day downloads "
            "of originals alone and other models alone.",
        ),
        ({}, {}, [], ""),
    ],
    ids=["metrics and layers", "switches", "all types", "agreement", "nothing compared"],
)
def test_opposite_leads(metrics: Leads, layers: Leads, switches: list[str], expected: str) -> None:
    assert overview.opposite_leads("downloads_30d", DAY, metrics, layers, switches, ("CN", "US"), NAMES) == expected


@pytest.mark.parametrize(
    ("metrics", "layers", "switches", "expected"),
    [
        ({"likes": -0.03, "models": 0.1}, {"release": 9.0}, [], "The United States leads China by likes."),
        (
            {"likes": -0.03, "models": 0.1},
            {"release": -9.0},
            [],
            "The United States leads China by likes and 30-day downloads of originals alone.",
        ),
        (
            {"likes": -0.03, "models": -0.1},
            {"release": -9.0},
            ["without GGUF repositories"],
            "The United States leads China by likes and 3 other counts.",
        ),
        ({"likes": 0.03}, {"release": 9.0}, [], "By 2 other counts, China leads the United States too."),
        ({}, {}, [], ""),
    ],
    ids=["one", "two", "more", "agreement", "nothing compared"],
)
def test_opposite_line(metrics: Leads, layers: Leads, switches: list[str], expected: str) -> None:
    assert overview.opposite_line("downloads_30d", metrics, layers, switches, ("CN", "US"), NAMES) == expected


LARGEST = {"code": ["unaffiliated", "DE", "CN", "US"], "repo_id": ["x/big", "y/minilm", "Qwen/Q", "meta/L"]}


@pytest.mark.parametrize(
    ("of_group", "of_all", "expected"),
    [
        ([0.2, 0.958, 0.1, 0.05], [0.1, 0.05, 0.02, 0.01],
         "Single models weigh heavily: y/minilm has 95.8% of the 30-day downloads attributed to Germany, 5.0% of all."),
        ([0.5, 0.958, 0.3, None], [0.2, 0.283, 0.02, None],
         "Single models weigh heavily: x/big has 20.0% of all 30-day downloads; y/minilm has 95.8% of the 30-day "
         "downloads attributed to Germany, 28.3% of all."),
        ([0.5, 0.1, 0.3, 0.4], [0.1, 0.1, 0.1, 0.1], ""),
    ],
    ids=["of a country", "of all", "a tenth is not more than a tenth"],
)  # fmt: skip
def test_models_of_more_than_a_tenth_are_named(
    of_group: list[float | None], of_all: list[float | None], expected: str
) -> None:
    largest = pl.DataFrame(LARGEST | {"share_of_group": of_group, "share_of_all": of_all})
    names = {"unaffiliated": "Unaffiliated", "DE": "Germany", "CN": "China", "US": "United States"}
    assert overview.dominance(largest, "downloads_7d_mean", ("DE", "FR"), names) == expected


@pytest.mark.parametrize(
    ("of_group", "of_all", "expected"),
    [
        (
            [0.2, 0.958, 0.1, 0.05],
            [0.1, 0.05, 0.02, 0.01],
            "y/minilm has 95.8% of Germany's 30-day downloads (5.0% of all).",
        ),
        (
            [0.5, 0.2, 0.1, 0.3],
            [0.2, 0.05, 0.02, 0.01],
            "x/big has 20.0% of all 30-day downloads; y/minilm 20.0% of Germany's (5.0% of all); and 1 more.",
        ),
        ([0.5, 0.1, 0.3, 0.1], [0.1, 0.1, 0.1, 0.1], ""),
    ],
    ids=["of a country", "of all and more", "a tenth is not more than a tenth"],
)
def test_dominant_models_in_one_line(of_group: list[float], of_all: list[float], expected: str) -> None:
    largest = pl.DataFrame(LARGEST | {"share_of_group": of_group, "share_of_all": of_all})
    names = {"unaffiliated": "Unaffiliated", "DE": "Germany", "CN": "China", "US": "United States"}
    assert overview.dominance_line(largest, "downloads_7d_mean", ("DE", "US"), names) == expected


@pytest.mark.parametrize(
    "note",
    [
        *terms.METRIC_MEANINGS.values(),
        crossovers.HOW_READ,
        crossovers.derivatives_subtitle("language", "share", "country", 100),
        contributors.introduction("downloads_30d", DAY, DAY),
        overview.subtitle(Definition("root"), "likes", "share"),
    ],
)
def test_notes_under_tables_and_charts_are_short(note: str) -> None:
    assert 5 <= len(note.split()) <= 47
