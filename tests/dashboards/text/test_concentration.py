"""Headline and subtitle of the concentration page."""

from datetime import date

import polars as pl
import pytest

from dashboards.data.definition import Definition
from dashboards.text import concentration, terms

DAY = date(2026, 8, 22)


@pytest.mark.parametrize(
    ("hhi", "largest", "expected"),
    [
        (
            0.25, "Alibaba",
            "1,204 registered labs are as concentrated as 4.0 equal labs: the largest lab, Alibaba, gets 40.0% of "
            "downloads, the ten largest 90.0% (22 Aug 2026; language models, by base model). These are shares of the "
            "downloads of registered labs, which have 76.3% of all downloads of language models.",
        ),
        (None, None, "The downloads of labs on 22 Aug 2026 are unknown."),
    ],
)  # fmt: skip
def test_headline_of_a_day(hhi: float | None, largest: str | None, expected: str) -> None:
    row = {
        "of": "lab", "lens": "root", "members": 1204, "hhi": hhi, "effective_number": 4.0, "top1_share": 0.4,
        "top10_share": 0.9, "known_days": 4,
    }  # fmt: skip
    members = pl.DataFrame({"name": [largest], "registered_share": [0.763]}) if largest else None
    assert concentration.headline(pl.DataFrame([row]), Definition("root"), "lab", "day", DAY, members) == expected


def test_headline_of_a_mean_names_its_days() -> None:
    row = {
        "of": "model", "lens": "root", "members": 5000, "hhi": 0.1, "effective_number": 10.0, "top1_share": 0.2,
        "top10_share": 0.5, "known_days": 4,
    }  # fmt: skip
    found = pl.DataFrame([row])
    assert concentration.headline(found, Definition("root", "all"), "model", "mean", DAY, None) == (
        "5,000 models are as concentrated as 10.0 equal models: the largest model gets 20.0% of downloads, the ten "
        "largest 50.0% (7-day mean around 22 Aug 2026, 4 days known; models of all kinds, by base model)."
    )
    assert concentration.when(found, "mean", DAY) == "22 Aug 2026, mean of the 4 days known around it"
    assert concentration.when(found, "day", DAY) == "22 Aug 2026"


def test_only_means_say_that_their_last_days_may_change() -> None:
    assert terms.MEAN_ENDS in concentration.subtitle("language", "lab", "hhi", "mean")
    assert terms.MEAN_ENDS not in concentration.subtitle("language", "lab", "hhi", "day")


@pytest.mark.parametrize(
    ("models", "counted"), [("language", "language models"), ("encoder", "encoders"), ("all", "models of all kinds")]
)
def test_subtitle_names_the_models_counted(models: str, counted: str) -> None:
    text = concentration.subtitle(models, "lab", "hhi", "day")
    assert f"Over registered labs by estimated downloads of {counted}." in text
