"""Colour distance, contrast and the simulation of colour blindness."""

import pytest

from dashboards.charts.colour_vision import contrast, distance, nearest, simulated


def test_distance_agrees_with_known_pairs_of_colours() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert distance("#000000", "#ffffff", "normal") == pytest.approx(100, abs=0.1)
    assert distance("#e04040", "#7a7a1e", "deuteranopia") < distance("#e04040", "#7a7a1e", "normal") / 2


@pytest.mark.parametrize("colour", ["#000000", "#ffffff", "#d80c18", "#7e3cfc"])
def test_normal_vision_leaves_a_colour_unchanged(colour: str) -> None:
    assert simulated(colour, "normal") == colour


def test_red_is_dark_yellow_under_protanopia() -> None:
    red, green, blue = (int(simulated("#ff0000", "protanopia")[start : start + 2], 16) for start in (1, 3, 5))
    assert red < 128 and abs(red - green) < 30 and blue < green


def test_nearest_finds_the_two_most_alike() -> None:
    one, other, apart = nearest({"a": "#000000", "b": "#ffffff", "c": "#0a0a0a"}, "normal")
    assert (one, other) == ("a", "c") and apart == pytest.approx(distance("#000000", "#0a0a0a", "normal"))
