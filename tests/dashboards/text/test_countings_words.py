"""Where the other country leads, by other metrics, layers and switches of the same day."""

from datetime import date

import pytest

from dashboards.text import overview

NAMES = {"CN": "China", "US": "United States"}
DAY = date(2026, 8, 22)
Leads = dict[str, float]


@pytest.mark.parametrize(
    ("metrics", "layers", "turned", "said"),
    [
        (
            {"downloads_7d_mean": 0.1, "downloads_all_time": -0.06, "likes": -0.03, "models": -0.1},
            {"release": 9.0, "derivative": -1.0, "repackaged": -2.0},
            [],
            "Not every count has China ahead: on 22 Aug 2026 the United States had more all-time downloads, likes "
            "and models, as well as more 30-day downloads of derivatives alone and repackaged copies alone.",
        ),
        (
            {"likes": -0.03},
            {},
            ["counted by root", "without GGUF repositories"],
            "Not every count has China ahead: on 22 Aug 2026 the United States had more likes; it also led in "
            "30-day downloads counted by root or without GGUF repositories.",
        ),
        (
            {"likes": 0.03},
            {"all": 4.0},
            ["counted by root"],
            "Not every count has China ahead: on 22 Aug 2026 the United States led in 30-day downloads counted by "
            "root.",
        ),
        (
            {"likes": 0.03, "models": 0.1},
            {"all": -4.0},
            [],
            "Not every count has China ahead: on 22 Aug 2026 the United States had more 30-day downloads of all "
            "layers together.",
        ),
        (
            {"likes": 0.03, "models": 0.1},
            {"release": 9.0, "other": 0.5},
            [],
            "On 22 Aug 2026 China also had more likes and models, as well as more 30-day downloads of releases "
            "alone and the layer Other alone, than the United States.",
        ),
        ({}, {}, [], ""),
    ],
    ids=["metrics and layers", "switches", "a switch alone", "all layers", "nowhere", "nothing tried"],
)
def test_it_is_said_where_the_other_country_leads(metrics: Leads, layers: Leads, turned: list[str], said: str) -> None:
    assert overview.opposite_leads("downloads_30d", DAY, metrics, layers, turned, ("CN", "US"), NAMES) == said
