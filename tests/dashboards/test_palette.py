"""Any two colours of the palette can be told apart, with and without full colour sight, on light and on dark."""

from itertools import combinations

import pytest

from dashboards import palette

Vector = tuple[float, float, float]

# Machado, Oliveira and Fernandes (2009), severity 1.0, for linear RGB.
SIGHT: dict[str, tuple[Vector, Vector, Vector]] = {
    "normal": ((1, 0, 0), (0, 1, 0), (0, 0, 1)),
    "protanopia": (
        (0.152286, 1.052583, -0.204868),
        (0.114503, 0.786281, 0.099216),
        (-0.003882, -0.048116, 1.051998),
    ),
    "deuteranopia": (
        (0.367322, 0.860646, -0.227968),
        (0.280085, 0.672501, 0.047413),
        (-0.011820, 0.042940, 0.968881),
    ),
    "tritanopia": (
        (1.255528, -0.076749, -0.178779),
        (-0.078411, 0.930809, 0.147602),
        (0.004733, 0.691367, 0.303900),
    ),
}
XYZ = ((0.4124564, 0.3575761, 0.1804375), (0.2126729, 0.7151522, 0.0721750), (0.0193339, 0.1191920, 0.9503041))
WHITE = (0.95047, 1.0, 1.08883)

LEAST_DISTANCE = {"normal": 28.0, "protanopia": 18.0, "deuteranopia": 18.0, "tritanopia": 12.0}
"""CIE76 delta E; 2.3 is just noticeable side by side, so these leave room for thin lines."""

LEAST_CONTRAST = 3.0
"""WCAG 2.2, 1.4.11, for graphical objects."""


def linear(colour: str) -> Vector:
    """Linear RGB of #rrggbb, each 0 to 1."""
    values = [int(colour[start : start + 2], 16) / 255 for start in (1, 3, 5)]
    r, g, b = (value / 12.92 if value <= 0.04045 else ((value + 0.055) / 1.055) ** 2.4 for value in values)
    return r, g, b


def times(matrix: tuple[Vector, Vector, Vector], vector: Vector) -> Vector:
    """Matrix times vector."""
    x, y, z = (sum(a * b for a, b in zip(row, vector, strict=True)) for row in matrix)
    return x, y, z


def lab(rgb: Vector) -> Vector:
    """CIE Lab (D65) of linear RGB, which is first brought into 0 to 1."""
    r, g, b = (min(max(value, 0.0), 1.0) for value in rgb)
    ratios = [value / white for value, white in zip(times(XYZ, (r, g, b)), WHITE, strict=True)]
    x, y, z = (ratio ** (1 / 3) if ratio > 0.008856 else 7.787 * ratio + 16 / 116 for ratio in ratios)
    return 116 * y - 16, 500 * (x - y), 200 * (y - z)


def distance(one: str, other: str, sight: str) -> float:
    """Delta E of two colours as seen with `sight`."""
    seen = [lab(times(SIGHT[sight], linear(colour))) for colour in (one, other)]
    return float(sum((a - b) ** 2 for a, b in zip(*seen, strict=True)) ** 0.5)


def contrast(one: str, other: str) -> float:
    """WCAG contrast ratio of two colours."""
    dark, light = sorted(times(XYZ, linear(colour))[1] for colour in (one, other))
    return (light + 0.05) / (dark + 0.05)


def test_the_measure_knows_black_white_and_confused_red_and_green() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert distance("#000000", "#ffffff", "normal") == pytest.approx(100, abs=0.1)
    assert distance("#e04040", "#7a7a1e", "deuteranopia") < distance("#e04040", "#7a7a1e", "normal") / 2


SETS = {
    "origins": list(palette.ORIGINS.values()),
    "series": [*palette.SERIES, *palette.SERIES_REST.values()],
}
"""The colours that stand on one chart."""


@pytest.mark.parametrize("sight", SIGHT)
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
    assert contrast(palette.INK[theme], background) > 7


def test_a_series_takes_its_colours_in_order_and_those_of_the_rest_apart() -> None:
    colours = palette.series(["b", palette.OTHER, "a", palette.NOT_KNOWN])
    assert colours == {"b": palette.SERIES[0], "a": palette.SERIES[1], **palette.SERIES_REST}


def test_a_country_has_one_colour_whatever_else_is_drawn() -> None:
    assert palette.colours("country", ("US", "CN"))["CN"] == palette.colours("country", ("CN", "FR", "JP"))["CN"]
    assert palette.colours("region", ("China", "Europe"))["China"] == palette.ORIGINS["CN"]


def test_the_known_regions_have_colours_of_their_own() -> None:
    regions = ("China", "United States", "Europe", "Other", "Unknown", "unaffiliated", palette.NOT_KNOWN)
    assert len(set(palette.colours("region", regions).values())) == len(regions)
