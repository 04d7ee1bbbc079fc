"""Any two colours of the palette can be told apart, with and without full colour sight, on light and on dark."""

import tomllib
from itertools import combinations
from pathlib import Path

import pytest

from dashboards.charts import colours as palette
from dashboards.charts import shares
from dashboards.charts.colour_vision import SIGHTS, contrast, distance, nearest, seen
from dashboards.data import vocabulary
from dashboards.text import data_quality

LEAST_DISTANCE = {"normal": 28.0, "protanopia": 18.0, "deuteranopia": 18.0, "tritanopia": 12.0}
"""CIE76 delta E; 2.3 is just noticeable side by side, so these leave room for thin lines."""

LEAST_CONTRAST = 3.0
"""WCAG 2.2, 1.4.11, for graphical objects."""


def test_the_measure_knows_black_white_and_confused_red_and_green() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert distance("#000000", "#ffffff", "normal") == pytest.approx(100, abs=0.1)
    assert distance("#e04040", "#7a7a1e", "deuteranopia") < distance("#e04040", "#7a7a1e", "normal") / 2


SETS = {
    "origins": list(palette.ORIGINS.values()),
    "series": [*palette.SERIES, *palette.SERIES_REST.values()],
}
"""The colours that stand on one chart."""


@pytest.mark.parametrize("sight", SIGHTS)
@pytest.mark.parametrize("colours", SETS.values(), ids=SETS)
def test_any_two_lines_of_a_chart_can_be_told_apart(sight: str, colours: list[str]) -> None:
    near = {(one, other): round(distance(one, other, sight), 1) for one, other in combinations(colours, 2)}
    assert {pair: delta for pair, delta in near.items() if delta < LEAST_DISTANCE[sight]} == {}


@pytest.mark.parametrize("background", [palette.LIGHT_BACKGROUND, palette.DARK_BACKGROUND])
def test_every_line_stands_out_from_the_background(background: str) -> None:
    ratios = {colour: round(contrast(colour, background), 2) for colours in SETS.values() for colour in colours}
    assert {colour: ratio for colour, ratio in ratios.items() if ratio < LEAST_CONTRAST} == {}


@pytest.mark.parametrize(
    ("theme", "background"), [("light", palette.LIGHT_BACKGROUND), ("dark", palette.DARK_BACKGROUND)]
)
def test_words_on_a_chart_can_be_read(theme: str, background: str) -> None:
    settings = Path(palette.__file__).parents[1] / ".streamlit" / "config.toml"
    config = tomllib.loads(settings.read_text())["theme"][theme]
    assert (config["textColor"], config["backgroundColor"]) == (palette.INK[theme], background)
    assert contrast(palette.INK[theme], background) > 7


def test_a_series_takes_its_colours_in_order_and_those_of_the_rest_apart() -> None:
    colours = palette.series(["b", vocabulary.OTHER, "a", vocabulary.NOT_KNOWN])
    assert colours == {"b": palette.SERIES[0], "a": palette.SERIES[1], **palette.SERIES_REST}


def test_a_country_has_one_colour_whatever_else_is_drawn() -> None:
    assert palette.colours("country", ("US", "CN"))["CN"] == palette.colours("country", ("CN", "FR", "JP"))["CN"]
    assert palette.colours("region", ("China", "Europe"))["China"] == palette.ORIGINS["CN"]


def test_the_known_regions_have_colours_of_their_own() -> None:
    regions = ("China", "United States", "Europe", "Other", "Unknown", "unaffiliated", vocabulary.NOT_KNOWN)
    assert len(set(palette.colours("region", regions).values())) == len(regions)


OTHERS = {"states of a day": data_quality.COLOURS, "lines of shares": dict(enumerate(shares.COLOURS))}
"""Colours that stand for no country, on charts of their own."""


@pytest.mark.parametrize("sight", SIGHTS)
@pytest.mark.parametrize("what", OTHERS)
def test_colours_of_other_charts_can_be_told_apart_too(what: str, sight: str) -> None:
    *_, apart = nearest(OTHERS[what], sight)
    assert apart >= min(LEAST_DISTANCE[sight], 18.0)
    for colour in OTHERS[what].values():
        assert contrast(colour, palette.LIGHT_BACKGROUND) >= LEAST_CONTRAST
        assert contrast(colour, palette.DARK_BACKGROUND) >= LEAST_CONTRAST


def test_a_state_of_a_day_is_told_by_its_letter_too() -> None:
    assert len(set(data_quality.LETTERS.values())) == len(data_quality.STATES) == len(data_quality.COLOURS)


@pytest.mark.parametrize("colour", ["#000000", "#ffffff", "#d80c18", "#7e3cfc"])
def test_full_sight_sees_a_colour_as_it_is(colour: str) -> None:
    assert seen(colour, "normal") == colour


def test_without_red_cones_red_is_dark_yellow() -> None:
    red, green, blue = (int(seen("#ff0000", "protanopia")[start : start + 2], 16) for start in (1, 3, 5))
    assert red < 128 and abs(red - green) < 30 and blue < green


def test_the_nearest_two_are_found() -> None:
    one, other, apart = nearest({"a": "#000000", "b": "#ffffff", "c": "#0a0a0a"}, "normal")
    assert (one, other) == ("a", "c") and apart == pytest.approx(distance("#000000", "#0a0a0a", "normal"))
